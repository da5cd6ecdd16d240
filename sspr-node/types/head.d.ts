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

/** How logs are read, in whatever evidence they stand. */
export interface LogForm {
  /**
   * The zone of times that come without one, as in texts that Event Viewer copied: a name of the IANA
   * database such as `Europe/Berlin`, or an offset such as `+01:00`. Without it they are taken for UTC,
   * and are marked.
   */
  timeZone?: string
  /**
   * How many threads decode logs, from 1 to 255; 1 without it. Rows come in the same order. It is worth
   * while for logs in which much is wanted.
   */
  jobs?: number
  /** Examine every part of an `.evtx`, also those in which no wanted provider is named. */
  verify?: boolean
}

/** How evidence is read. */
export interface ReadOptions extends WorkOptions, LogForm {
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
export interface LogOptions extends WorkOptions, LogForm {
  /**
   * Names of providers, in any case; an empty list means all. Without it events are those of
   * `PasswordResetService`, and operations are made of all that tells of them.
   */
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
  /**
   * Reads the events of a log: `.evtx`, XML, copied text, CSV, and JSON of PowerShell, Winlogbeat, Azure
   * Monitor and NXLog, packed with gzip or zstd or not.
   */
  function read(source: Input, options?: LogOptions): LogStream<events.Event>
  /** The events of a log as an Arrow IPC stream. */
  function readArrow(source: Input, options?: LogOptions): Promise<Buffer>
  /**
   * Reads the records of a tenant's audit log: pages of Microsoft Graph, rows of Azure Monitor and of
   * Sentinel, or what the portal downloads, as JSON or CSV.
   */
  function readAudit(source: Input, options?: Omit<LogOptions, 'providers' | 'ids'>): LogStream<events.AuditRecord>
  /** The records of an audit log as an Arrow IPC stream. */
  function readAuditArrow(source: Input, options?: Omit<LogOptions, 'providers' | 'ids'>): Promise<Buffer>
}

export namespace roundtrip {
  /**
   * Joins the events of one log to operations, which come by time once the log is read.
   * `snapshot.readOperations` joins several.
   */
  function operations(
    source: Exclude<Input, readonly unknown[]>,
    options?: LogOptions & roundtrip.Settings,
  ): events.LogStream<roundtrip.Operation>
  /** Joins events that are at hand. Many of them are better given to a `Correlator`. */
  function operations(events: readonly events.Event[], settings?: roundtrip.Settings): roundtrip.Operation[]
  /** The operations of a log as an Arrow IPC stream. */
  function readArrow(source: Input, options?: LogOptions & roundtrip.Settings): Promise<Buffer>
  /**
   * Counts some operations, such as those of one server. Each has to be one that `readOperations` or a
   * `Correlator` gave, and no copy of it.
   */
  function statistics(operations: Iterable<roundtrip.Operation>): roundtrip.Statistics
  /**
   * An operation, statistics or a summary for a terminal: what `readOperations`, a `Correlator` or `statistics`
   * gave, and no copy of it. A summary that has nothing to say is empty.
   */
  function text(
    thing: roundtrip.Operation | roundtrip.Statistics | roundtrip.Summary,
    style?: Omit<TextStyle, 'details'>,
  ): string

  /** What a `Correlator` found. */
  interface Correlated {
    /** The operations, by time. */
    operations: roundtrip.Operation[]
    /** What else was found: clocks, connector accounts, passwords set by others, services. */
    summary: roundtrip.Summary
    /** The operations in numbers. */
    statistics: roundtrip.Statistics
  }

  /**
   * Joins events and records of all sources to operations, in whatever order they come: for those who
   * bring them from elsewhere. The work is done on a thread of its own.
   *
   * `source` is a number of the caller's for the log that something is of, 0 without it; it comes back in
   * the `from` of the links.
   */
  class Correlator {
    /** One that knows these settings. */
    constructor(settings?: roundtrip.Settings)
    /** Takes an event of a Windows log, whoever wrote it. */
    pushEvent(event: events.Event, source?: number): void
    /** Takes a record of the tenant's audit log. */
    pushAudit(record: events.AuditRecord, source?: number): void
    /** Takes the time that the directory keeps of a person's last password. */
    pushPasswordSet(set: roundtrip.PasswordSet, source?: number): void
    /**
     * The Application log of a machine is there from `first` to `last`: what it does not hold of that
     * time was not written. Without it the first and the last event of its writeback service bound the
     * time.
     */
    pushSpan(host: string, first: Date, last: Date): void
    /**
     * The operations that have left early, which happens beyond `hold` only. Who pushes more than fits
     * into memory awaits this now and then: it waits until all that was pushed has been taken.
     */
    ready(): Promise<roundtrip.Operation[]>
    /** All that is left, by time. Afterwards the correlator begins anew, with the same settings. */
    finish(): Promise<Correlated>
  }
}

export namespace snapshot {
  /** What `readOperations` found. */
  interface OperationsRead extends roundtrip.Correlated {
    /** What was read, and what was no log. The `from.source` of a link is an index into its `logs`. */
    logs: snapshot.LogsRead
  }
  /**
   * Joins the events and audit records of all logs among the evidence to operations: logs of several
   * servers, of domain controllers and of the tenant. Lists of people, and what names the connector
   * account, are read too where they stand there, and make joins more certain. Without `providers` all
   * are wanted that operations are made of. What is no log, or could not be read, is in `logs`.
   */
  function readOperations(
    evidence: Input | readonly Input[],
    options?: ReadOptions & Pick<LogOptions, 'providers' | 'since' | 'until'>,
  ): Promise<OperationsRead>
  /**
   * The operations of one person, or with a tracking id, as sentences that can be read aloud: what
   * `sspr roundtrip --user` prints. `user` is a user principal name, in any case. Without both it tells of all
   * operations. What was read has to be what `readOperations` or a `Correlator` gave, and no copy of it.
   */
  function story(
    read: roundtrip.Correlated,
    options?: { user?: string; trackingId?: string } & Omit<TextStyle, 'details'>,
  ): string
  /**
   * Gathers what support asks for about an operation from the logs that it was read of, in a second look
   * at them. The operation has to be one that `readOperations` or a `Correlator` gave, and no copy of it.
   */
  function readSupport(
    evidence: Input | readonly Input[],
    operation: roundtrip.Operation,
    options?: ReadOptions,
  ): Promise<roundtrip.SupportBundle>
}

export namespace watch {
  /** What a watch tells beyond failures, and from where it goes on. */
  interface WatchOptions {
    /** Tell of refusals too, which people run into every day; not without it. */
    refusals?: boolean
    /** How many operations, or failures, of an hour may be a burst; 10 without it. */
    burst?: number
    /** How long a log may get no record, in milliseconds; an hour without it, `Infinity` for ever. */
    silence?: number
    /** What an earlier watch knew; null and nothing mean that this one begins. */
    state?: watch.WatchState | null
    /** Without a state: events from this time on are told of; from now on without it. */
    since?: Date
  }

  /**
   * Watches logs while they are written: what failed, what is unusual, and what fell silent. It reads
   * what is new each time it is told to, and never waits.
   *
   * A notice stays in `untold` until `told` says that it was handed on. Who saves the state before and
   * after that loses none.
   */
  class Watch {
    /** Watches files, and all files below folders. */
    constructor(paths: string | URL | readonly (string | URL)[], options?: WatchOptions)
    /**
     * Reads what is new in all logs. `now` is the time that silences and what is usual are judged for.
     * A look that is stopped changes nothing; two at once are refused.
     */
    look(options?: WorkOptions & { now?: Date }): Promise<snapshot.Followed>
    /** What is to be told, the earliest first. */
    readonly untold: watch.Notice[]
    /** So many of what was to be told, from the first, were handed on. */
    told(notices: number): void
    /** What it knows. */
    readonly state: watch.WatchState
  }

  /** Where notices are posted to. */
  interface PostSettings {
    /**
     * `https`, or `http` on this machine itself. It is taken for a secret, which those of many receivers
     * are: errors show its host alone.
     */
    url: string | URL
    /** Headers of every request, such as `Authorization`. No error shows their values. */
    headers?: Record<string, string>
    /**
     * A file with certificates, in PEM, of authorities that are trusted beside those of the operating
     * system.
     */
    caFile?: string
    /**
     * How long one request may take, in milliseconds, from the connection to the beginning of the answer: a
     * second to an hour; 30 seconds without it.
     */
    timeout?: number
  }

  /** What came of posting. */
  interface Posted {
    /** How many notices the receiver took, which are crossed out. There may be more. */
    taken: number
    /**
     * Nothing is posted before this time, after failures or because the receiver asked for it; null where
     * notices were taken, and where there were none.
     */
    until: Date | null
    /**
     * Why the receiver took none. The code `connection` may pass by itself; the others want somebody to
     * look. Null where it was not asked.
     */
    why: SsprError | null
  }

  /**
   * Posts what a watch has to tell to a receiver, as JSON lines (`application/x-ndjson`), a notice a line.
   *
   * Notices that were taken, with any status from 200 to 299, are crossed out; all others stay in `untold` of
   * the watch and are posted again: right at the next `send` after a first failure, then after 10 seconds,
   * 20, 40, up to ten minutes, and not before the `Retry-After` that the receiver answered with, up to an
   * hour, which the state of the watch keeps. Who saves that state before and after loses no notice; a
   * receiver that sees an `id` again leaves it.
   *
   * A redirect (307 or 308) is followed within the same scheme, host and port. A proxy that the environment
   * names is used, but for addresses of this machine. JavaScript's own copies of secrets are the caller's to
   * let go.
   */
  class Post {
    /** Checks the settings and prepares everything, without speaking to anybody. */
    constructor(settings: PostSettings)
    /** The receiver's host, and its port where that is not the usual one. */
    readonly host: string
    /**
     * Posts the first of what a watch has to tell, as many as go into one request, and crosses out what was
     * taken. `now` is the present time without it. Meanwhile the watch takes neither `look` nor `told`, and
     * this post no other `send`. What is stopped keeps all notices.
     */
    send(watch: Watch, options?: { signal?: AbortSignal; now?: Date }): Promise<Posted>
  }
}

export namespace writeback {
  /** The three application roles that writeback needs. */
  const WRITEBACK_ROLES: writeback.WritebackRole[]
}
