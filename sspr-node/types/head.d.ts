// Generated from the Rust sources and from types/. Do not edit: run the tests with SSPR_BLESS=1.
/// <reference types="node" />

import type { ReadableStream } from 'node:stream/web'

/**
 * What the library throws beside `TypeError`: an input that could not be read or used.
 */
export class SsprError extends Error {
  private constructor()
  readonly name: 'SsprError'
  /** The kind of fault, stable for programs. `panic` is a defect of the library. */
  readonly code: evidence.FaultCode | 'panic'
  /** Where in the input, such as `line 3` or `/value/0/id`; null when that is not one place. */
  readonly place: string | null
  /** What to try next, when something is known to help. */
  readonly help: string | null
  /** Everything that is wrong with a draft, where a draft was refused. */
  readonly faults?: (policy.PolicyFault | directory.PolicyFault | evidence.Fault)[]
}

/** JSON as Microsoft Graph gives it: an object, or its text or bytes. */
export type Json = object | string | Uint8Array

/** The content of a piece of evidence. A text is the content itself, never a path. */
export type Content = string | Uint8Array | ArrayBuffer | ReadableStream | AsyncIterable<string | Uint8Array>

/**
 * A piece of evidence: a path (a file, a folder with all below it, a zip archive), a file URL, or
 * content with a name.
 */
export type Input =
  | string
  | URL
  | Uint8Array
  | ReadableStream
  | AsyncIterable<string | Uint8Array>
  | { name: string; data: Content }

/** How far long work has come. */
export interface Progress {
  /** What is being done. */
  stage: 'recognising' | 'reading' | 'collecting' | 'judging'
  /** The input it is done to. */
  name: string | null
  /** Bytes of this input read so far. */
  bytes: number
  /** Bytes of this input in all, if known. */
  total: number | null
}

/** What every long work takes. */
export interface WorkOptions {
  /** Stops the work; the promise is rejected with the signal's reason. */
  signal?: AbortSignal
  /** Hears of every input, and of every mebibyte read. What it throws stops the work. */
  progress?: (step: Progress) => void
}

/** How evidence is read. */
export interface ReadOptions extends WorkOptions {
  /** When evidence was observed that does not tell it itself. */
  observedAt?: Date
  /** Bounds on what one input may cost. */
  limits?: {
    /** Largest single value that is held whole, in bytes. */
    itemBytes?: number
    /** Most files in one folder or archive. */
    files?: number
    /** Most bytes that one archive may unpack to. */
    archiveBytes?: number
    /** Highest ratio of unpacked to packed bytes. */
    archiveRatio?: number
    /** What an archive may unpack to whatever the ratio, in bytes. */
    archiveFloor?: number
    /** Deepest nesting of folders and archives. */
    depth?: number
    /** Most located faults kept for one input. */
    faults?: number
  }
}

/** How facts are judged. */
export interface JudgeOptions {
  /** The time the verdict is for; now without it. */
  asOf?: Date
  /** The configuration, or its text in TOML. */
  config?: readiness.Configuration | string
}

/** How the text of a report is written. */
export interface TextStyle {
  /** Columns; 80 without it. Below 40 it is written as for 40, above 120 as for 120. */
  width?: number
  /** Whether to colour, with SGR escapes. */
  color?: boolean
  /** Show every rule with its evidence, not only what changes the answer. */
  details?: boolean
}

/** Which rows of a log are wanted. */
export interface LogOptions extends WorkOptions {
  /** Names of providers, in any case; an empty list means all. `PasswordResetService` without it. */
  providers?: string[]
  /** Event ids; all without it. */
  ids?: number[]
  /** The earliest time. */
  since?: Date
  /** The time that ends the stretch; events of that very time are outside. */
  until?: Date
}

/** Reads evidence and judges every rule. */
export function assess(
  evidence: Input | readonly Input[],
  options?: ReadOptions & JudgeOptions,
): Promise<readiness.Report>

/** Explains one thing, as `explain.explain` does. */
export function explain(text: string): explain.Answer

/** The text of a schema, as `schema.schema` gives it. */
export function schema(name: string): string

/** The version of the library. */
export const version: string

export import Snapshot = snapshot.Snapshot
export import Report = readiness.Report

export namespace evidence {
  /** What was found for one field. The four cases are different things and stay different. */
  type Reading<T> =
    /** The input does not have the field. */
    | { state: 'absent' }
    /** The field is there, and null. */
    | { state: 'null'; place: string }
    /** The field is there, and cannot be read. */
    | { state: 'bad'; error: Fault }
    /** The value, and where it stands. */
    | { state: 'value'; value: T; place: string }
}

export namespace readiness {
  /** Judges every rule. */
  function assess(snapshot: snapshot.Snapshot, options?: JudgeOptions & WorkOptions): Promise<Report>
}

export namespace forecast {
  /**
   * Says what will become of a candidate for the password of a person. `banned` is the tenant's custom
   * list of banned passwords. The candidate is judged and not kept.
   */
  function predict(
    snapshot: snapshot.Snapshot,
    upn: string,
    candidate: string,
    options?: { banned?: string[]; asOf?: Date },
  ): forecast.Prediction
}

export namespace graph {
  /** A token and the time of its end. */
  interface GivenToken {
    token: string
    expires?: Date
  }
  /**
   * One way to sign in; tenant and application stand in the settings. JavaScript's own copies of secrets
   * are the caller's to let go.
   */
  type SignIn =
    /** With a token that is there already. It cannot be renewed. */
    | { token: string }
    /** As an application, with its secret. */
    | { clientSecret: string }
    /** As an application, with its certificate and key in PEM. */
    | { clientCertificate: string }
    /** As an application, with a token of another issuer, in a file that is read at each renewal. */
    | { federatedTokenFile: string }
    /** As the machine inside of Azure that the run is on. */
    | { managedIdentity: true }
    /** As a person, who types a code in a browser on any machine. The function shows the prompt. */
    | { deviceCode: (prompt: graph.DevicePrompt) => void }
    /** With tokens of the caller's. The claims are JSON that Entra wants to see, or null. */
    | { provider: (claims: string | null) => string | GivenToken | Promise<string | GivenToken> }
  /**
   * Reads a tenant through Microsoft Graph and writes an evidence folder that `assess` takes. Nothing
   * is changed in the tenant: only GET, and batches of GETs, exist. An aborted run goes on with
   * `resume`. What a function of `signIn` throws is what the promise is rejected with.
   */
  function collect(settings: graph.Settings, signIn: SignIn, options?: WorkOptions): Promise<graph.Collected>
  /**
   * A client that only reads, within the documented rates, with waits and repetitions where Graph asks
   * for them. Paths begin with the version, such as `/v1.0/users?$top=999`.
   */
  class Client {
    /** Prepares a client without asking anybody. */
    constructor(settings: Omit<graph.Settings, 'folder'>, signIn: SignIn)
    /** One answer. */
    get(path: string, options?: { signal?: AbortSignal }): Promise<object>
    /** All pages of a list. A list that cannot be read to its end is an error. */
    pages(path: string, options?: { signal?: AbortSignal }): Promise<object[]>
    /** Answers to several paths of v1.0, in their order: each is there, or says why not. */
    batch(paths: readonly string[], options?: { signal?: AbortSignal }): Promise<(object | SsprError)[]>
  }
}

export namespace ldap {
  /**
   * Reads a directory over LDAP and writes an evidence folder that `assess` takes. The server's
   * certificate is verified, and nothing is changed in the directory. An aborted run goes on with
   * `resume`. JavaScript's own copy of the password is the caller's to let go.
   */
  function collect(settings: ldap.Settings, password: string, options?: WorkOptions): Promise<ldap.Collected>
}

export namespace events {
  /**
   * A log as arrays of about a thousand rows, read while they are asked for. It is walked once; leaving
   * the loop stops the reading.
   */
  class LogStream<Row> implements AsyncIterable<Row[]> {
    private constructor()
    /** How many things could not be read so far. */
    readonly lost: number
    /** The first of them. */
    readonly faults: events.LogFault[]
    [Symbol.asyncIterator](): AsyncGenerator<Row[], void, undefined>
  }
  /** Reads the events of a log: `.evtx`, or the XML that `wevtutil` writes, packed with gzip or not. */
  function read(source: Input, options?: LogOptions): LogStream<events.Event>
  /** The events of a log as an Arrow IPC stream. */
  function readArrow(source: Input, options?: LogOptions): Promise<Buffer>
}

export namespace roundtrip {
  /** Joins the events of a log to operations, which come by time once the log is read. */
  function operations(source: Exclude<Input, readonly unknown[]>, options?: LogOptions): events.LogStream<roundtrip.Operation>
  /** Joins events that are at hand. */
  function operations(events: readonly events.Event[]): roundtrip.Operation[]
  /** The operations of a log as an Arrow IPC stream. */
  function readArrow(source: Input, options?: LogOptions): Promise<Buffer>
}

export namespace writeback {
  /** The three application roles that writeback needs. */
  const WRITEBACK_ROLES: writeback.WritebackRole[]
}
