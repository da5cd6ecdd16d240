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

/**
 * Runs the command with the arguments after its name, on the streams of this process, and gives
 * its exit code. It blocks until the command is done.
 */
export function main(args: string[]): number

export namespace directory {
  /** What is known of an account that a password is for. */
  export interface AccountState {
    /** `sAMAccountName`; without it names are not looked for. */
    account?: string | null
    /** `displayName`. */
    display?: string | null
    /** When the password was set last. */
    passwordSet?: Date | null
    /** The password must be changed at the next logon. */
    mustChange?: boolean | null
    /** The account is disabled. */
    disabled?: boolean | null
    /** The account may not change its password. */
    cannotChange?: boolean | null
    /** The account is locked out at that time. */
    locked?: boolean | null
    /** No password is required of it. */
    passwordNotRequired?: boolean | null
  }

  /** One entry of an access control list. */
  export interface Ace {
    /** What it does. */
    aceType: number
    /** Inheritance and audit flags. */
    flags: number
    /** The rights. */
    mask: number
    /** The types it is limited to, for object entries. */
    types: ObjectTypes | null
    /** Whom it is about; null for types whose layout is not known. */
    sid: string | null
    /**
     * What follows the SID: a `Condition`, a
     * understood; the whole body where the type is unknown.
     */
    data: number[]
  }

  /** What decided. */
  export type Because =
    /** An entry of the list. */
    | 'entry'
    /** There is no list: everything is granted. */
    | 'noList'
    /** The owner holds it without an entry. */
    | 'owner'
    /** No entry speaks of it: it is not granted. */
    | 'noEntry'

  /** The outcome of the complexity rule. */
  export interface Complexity {
    /** What stands against the candidate, none when it is complex enough. */
    faults: ComplexityFault[]
    /**
     * Whether the answer hangs on the space counting as a special character, which no
     * documentation says.
     */
    hangsOnSpace: boolean
  }

  /** What stands against a candidate. The candidate itself is not in it. */
  export type ComplexityFault =
    /** It contains the account name. */
    | { rule: 'containsAccountName' }
    /** It contains a part of the display name. */
    | { rule: 'containsNamePart' }
    /** Too few of the five classes of characters occur; three are needed. */
    | { rule: 'tooFewClasses'; found: number }

  /** The role of the machine that answered `net accounts`. */
  export type ComputerRole =
    /** `PRIMARY`: the PDC emulator. */
    | 'primary'
    /** `BACKUP`: another domain controller. */
    | 'backup'
    /** `WORKSTATION`: the machine's own policy. */
    | 'workstation'
    /** `SERVER`: the machine's own policy. */
    | 'server'

  /** The answer of an access check, with the entry that decided. */
  export interface Decision {
    /** Whether the right is held. */
    granted: Granted
    /** The entry that decided, by its place in the access list; null when no entry did. */
    entry: number | null
    /** Why, where no entry decided. */
    because: Because
    /** The entry that decided, when one did. */
    ace: Ace | null
    /** The answer with its reason, in a sentence. */
    reason: string
  }

  /** The domain's answer. */
  export interface DomainAnswer {
    /**
     * Every reason to refuse, in the order in which the domain looks: the first is the one it
     * would give.
     */
    refusals: DomainRefusal[]
    /** What is not known and could still refuse it. */
    unknown: string[]
    /**
     * Whether the policy keeps old passwords, or may: no evidence tells whether a candidate is
     * one of them.
     */
    mayBeInHistory: boolean
  }

  /** One reason for which the domain refuses. */
  export type DomainRefusal =
    /** The account is disabled. */
    | { reason: 'disabled' }
    /** The user may not change the password. */
    | { reason: 'cannotChange' }
    /** The account is locked out. */
    | { reason: 'lockedOut' }
    /** The password was set too short a time ago. */
    | { reason: 'tooYoung'; until: Date | null }
    /** It has too few characters. */
    | { reason: 'tooShort'; minimum: number }
    /** It has more than 256 UTF-16 units. */
    | { reason: 'tooLong' }
    /** It is not complex enough. */
    | { reason: 'complexity'; fault: ComplexityFault }

  /**
   * A fine-grained password policy (`msDS-PasswordSettings`). It replaces all settings of the
   * domain's policy, not some.
   */
  export interface FineGrainedPolicy {
    /** Its name. */
    name: string
    /** Its distinguished name. */
    dn: string
    /** Its `objectGUID`, which decides between policies of the same precedence. */
    guid?: string | null
    /** Its precedence; the lowest number wins. */
    precedence: number
    /** Distinguished names of the users and global groups it applies to, when all are known. */
    appliesTo?: string[] | null
    /** Its settings. */
    policy: PasswordPolicyDraft
  }

  /** Whether a right is held. */
  export type Granted =
    /** It is. */
    | 'yes'
    /** It is not. */
    | 'no'
    /** It hangs on a condition that cannot be judged without a live logon. */
    | 'unknown'

  /** Which policy holds for a person. */
  export type Holds =
    /** The domain's own. */
    | 'domain'
    /** A fine-grained one. */
    | 'fineGrained'
    /** That is open. */
    | 'undecided'

  /** A GUID with its name. */
  export interface KnownGuid {
    /** The GUID. */
    id: string
    /** Its name in the schema or among the extended rights. */
    name: string
    /** What it names. */
    kind: KnownKind
    /** The property set an attribute belongs to. */
    propertySet: string | null
    /** What it has to do with writeback. */
    about: string
  }

  /** What a GUID in an entry names. */
  export type KnownKind =
    /** An extended right. */
    | 'right'
    /** An attribute. */
    | 'attribute'
    /** A property set. */
    | 'propertySet'
    /** A class. */
    | 'class'

  /** What `net accounts` prints. */
  export interface NetAccounts {
    /** The policy. Complexity is not printed. */
    policy: PolicyReadings
    /** The machine that answered, when its role is printed in a word that is known. */
    role: ComputerRole | null
  }

  /** The types that an object entry is limited to. */
  export interface ObjectTypes {
    /** The right, property set, attribute or child class it speaks of. */
    object: string | null
    /** The class that inherits it. */
    inherited: string | null
    /** Flags beside the two that say which of them is there. Windows sets none. */
    otherFlags: number
  }

  /** A kind of password that the cloud takes and the domain refuses. */
  export type PasswordClass =
    /** Long enough for the cloud, too short for the domain. */
    | 'tooShort'
    /** Holds the account name or a part of the display name. */
    | 'holdsName'
    /** Was used before. The cloud looks at the last one alone, and at a change alone. */
    | 'usedBefore'
    /** Comes too soon after the last one. */
    | 'tooSoon'

  /** One class, with an example that was made up. */
  export interface PasswordGap {
    /** The class. */
    class: PasswordClass
    /** What is in it, as a noun phrase. */
    description: string
    /** An example, always the same for the same policy. It is nobody's password. */
    example: string
  }

  /** How a password is set. */
  export type PasswordOperation =
    /** With the old password. */
    | 'change'
    /** Without it. */
    | { reset: { policyHints: boolean } }

  /**
   * The settings of a password policy, as far as they are known, with or without sense.
   *
   * Absent fields are unknown, never zero. `PasswordPolicy` takes only settings that a domain can
   * have in force; `PasswordPolicyDraft.faults` lists all that stands against it. Spans are whole
   * seconds or `"never"` when written as JSON.
   */
  export interface PasswordPolicyDraft {
    /** How long a password must be kept. */
    minimumAge?: number | 'never' | null
    /** How long a password may be kept. */
    maximumAge?: number | 'never' | null
    /** Least length in characters. */
    minimumLength?: number | null
    /** How many old passwords are remembered. */
    history?: number | null
    /** Whether complexity is required. */
    complexity?: boolean | null
    /** Whether passwords are stored reversibly. */
    reversible?: boolean | null
    /** Failed sign-ins before a lockout; 0 is never. */
    lockoutThreshold?: number | null
    /** How long a lockout lasts; `never` means until an administrator unlocks. */
    lockoutDuration?: number | 'never' | null
    /** How long failed sign-ins are counted. */
    lockoutWindow?: number | 'never' | null
  }

  /** One thing that is wrong with a policy. */
  export interface PolicyFault {
    /** The field, such as `minimumAge`. */
    field: string
    /** What is wrong with it. */
    message: string
  }

  /** The settings of a password policy as one input has them, each with its place. */
  export interface PolicyReadings {
    /** How long a password must be kept. */
    minimumAge: evidence.Reading<number | 'never'>
    /** How long a password may be kept. */
    maximumAge: evidence.Reading<number | 'never'>
    /** Least length in characters. */
    minimumLength: evidence.Reading<number>
    /** How many old passwords are remembered. */
    history: evidence.Reading<number>
    /** Whether complexity is required. */
    complexity: evidence.Reading<boolean>
    /** Whether passwords are stored reversibly. */
    reversible: evidence.Reading<boolean>
    /** Failed sign-ins before a lockout; 0 is never. */
    lockoutThreshold: evidence.Reading<number>
    /** How long a lockout lasts; `never` means until an administrator unlocks. */
    lockoutDuration: evidence.Reading<number | 'never'>
    /** How long failed sign-ins are counted. */
    lockoutWindow: evidence.Reading<number | 'never'>
  }

  /** What decides which policy holds for an account. */
  export interface PolicySubject {
    /** The account's distinguished name. */
    dn: string
    /**
     * Distinguished names of all global groups it is in, directly or through other groups, when
     * all are known.
     */
    groups?: string[] | null
    /** Whether it is an ordinary account (`NORMAL_ACCOUNT`); no policy applies to others. */
    normal: boolean
  }

  /** Which of several fine-grained policies holds for a person, in what way, or why that is open. */
  export interface ResultantPolicy {
    /** Which. */
    holds: Holds
    /** The policy that holds, where one does. */
    policy: FineGrainedPolicy | null
    /** The group through which it holds, where it does so through one. */
    through: string | null
    /** The policies that may hold, where it is not decided. */
    among: FineGrainedPolicy[]
    /** Whether the domain's own may hold, where it is not decided. */
    orDomain: boolean
  }

  /**
   * Whether `token` holds a right on an object with this descriptor. The right is named, such as
   * `Reset Password` or `lockoutTime` (to write it), or a GUID; the class is `user` unless
   * `objectClass` says otherwise; `sid` is the object's own, for entries that speak of SELF.
   */
  export function check(descriptor: SecurityDescriptor, token: Token, right: string, objectClass?: string | null, sid?: string | null): Decision

  /**
   * The entries that a child of a class inherits from its parent, in order. `owner` and `group` are
   * the child's SIDs.
   */
  export function inheritInto(parent: SecurityDescriptor, objectClass?: string | null, owner?: string | null, group?: string | null): Ace[]

  /** The policy that holds for a person by the rules of Active Directory. */
  export function resultantPolicy(policies: FineGrainedPolicy[] | string, subject: PolicySubject | string): ResultantPolicy

  /** Reads what `net accounts` prints, in any language of Windows that is known here. */
  export function parseNetAccounts(text: string): NetAccounts

  /** Reads the password policy in a security template (`GptTmpl.inf`, `secedit /export`). */
  export function parseTemplate(text: string): PolicyReadings

  /** Whether a candidate meets the complexity requirements of a domain. The candidate is not kept. */
  export function complexity(candidate: string, account: string, display?: string | null): Complexity

  /**
   * What a domain with this policy would answer to a candidate, which is not kept. What is not said
   * of the account is taken as not known.
   */
  export function predict(candidate: string, policy: PasswordPolicyDraft | string, asOf: Date, operation?: PasswordOperation | string | null, account?: AccountState | string | null): DomainAnswer

  /** The GUIDs of rights, attributes, property sets and classes that matter to writeback. */
  export function knownGuids(): KnownGuid[]

  /** The classes of passwords that the cloud takes and a domain with this policy refuses. */
  export function passwordGap(policy: PasswordPolicyDraft | string): PasswordGap[]

  /** The settings of a password policy, every one possible and none at odds with another. */
  export class PasswordPolicy {
    /** Checks a draft. Throws an `SsprError` whose `faults` list everything that is wrong with it. */
    constructor(draft: PasswordPolicyDraft | string)
    /** All settings. Spans of time are seconds, or `never`. */
    readonly settings: PasswordPolicyDraft
    /** The settings, for `JSON.stringify`. */
    toJSON(): PasswordPolicyDraft
  }

  /** A security descriptor, with everything that its bytes say. */
  export class SecurityDescriptor {
    private constructor()
    /** Reads a self-relative descriptor, such as an `nTSecurityDescriptor`. */
    static fromBytes(bytes: Uint8Array | string): SecurityDescriptor
    /** Reads SDDL. `domain` and `forestRoot` are the SIDs that aliases such as `DA` and `EA` need. */
    static fromSddl(text: string, domain?: string | null, forestRoot?: string | null): SecurityDescriptor
    /** The binary form, as Windows lays it out. */
    toBytes(): Buffer
    /** The descriptor as SDDL. */
    toSddl(): string
    /** The owner's SID. */
    readonly owner: string | null
    /** The primary group's SID. */
    readonly group: string | null
    /** The entries of the access list, as they lie; null where there is none, which grants everything. */
    readonly aces: Ace[] | null
    /** Whether the access list is protected against what its parent passes on. */
    readonly isProtected: boolean
  }

  /** A security identifier, such as `S-1-5-32-554`. */
  export class Sid {
    /** Reads the text form. */
    constructor(text: string)
    /** Reads the binary form. */
    static fromBytes(bytes: Uint8Array | string): Sid
    /** The binary form. */
    toBytes(): Buffer
    /** The sub-authorities. */
    readonly subs: number[]
    /** The last sub-authority, the relative identifier. */
    readonly rid: number | null
    /** The well-known name, where there is one. */
    readonly name: string | null
    /** The text form. */
    toString(): string
    /** The text form, for `JSON.stringify`. */
    toJSON(): string
  }

  /** Everything that an account is when it asks: itself, its groups and the implicit members. */
  export class Token {
    private constructor()
    /** From `tokenGroups` of the account's own connection, which is exact. */
    static exact(account: string, tokenGroups: string[]): Token
    /**
     * From what a directory stores: who is a member of which security group, by SID, followed
     * through any nesting; the primary group; the SID history. The implicit members are added.
     */
    static fromMemberships(account: string, memberships: Record<string, string[]>, primaryGroup?: string | null, sidHistory?: string[] | null): Token
    /** The account's SID. */
    readonly account: string
    /** All its SIDs, in order. */
    readonly sids: string[]
  }
}

export namespace events {
  /** What an audit record is about. */
  export type Activity =
    /** Writeback was switched on for the directory. */
    | 'writebackEnabled'
    /** Writeback was switched off for the directory. */
    | 'writebackDisabled'
    /** The policy of the Password reset blade changed. */
    | 'policyChanged'
    /** A self-service reset, with its final result. */
    | 'reset'
    /** A self-service change. */
    | 'change'
    /** A self-service unlock. */
    | 'unlock'
    /** An administrator's reset in the Entra admin center or through Graph. */
    | 'adminReset'
    /** A reset that the directory itself records, whoever asked for it. */
    | 'directoryReset'
    /** One step of a self-service flow. */
    | 'progress'
    /** A person was held back for 24 hours. */
    | 'blocked'
    /** A person registered, or saved security information. */
    | 'registered'
    /** Any other activity of the service. */
    | 'other'

  /** Which agent wrote a password back. */
  export type Agent =
    /** Entra Connect. */
    | 'entraConnect'
    /** Cloud sync. */
    | 'cloudSync'
    /** Nobody: the password was set in the cloud alone. */
    | 'none'

  /** What an event is about. */
  export type Area =
    /** A self-service reset of a forgotten password. */
    | 'reset'
    /** A change with the old password. */
    | 'change'
    /** A reset by an administrator. */
    | 'adminReset'
    /** An unlock. */
    | 'unlock'
    /** Writeback being switched on. */
    | 'onboarding'
    /** Writeback being switched off. */
    | 'offboarding'
    /** The writeback service itself. */
    | 'service'
    /** Its connections to the cloud. */
    | 'connectivity'
    /** Its keys. */
    | 'keys'
    /** What the directory answered. */
    | 'directory'
    /** Password hash synchronisation. */
    | 'hashSync'
    /** Anything else. */
    | 'other'

  /** One record of the tenant's audit log. */
  export interface AuditRecord {
    /** Its id. */
    id?: string | null
    /** When it happened. */
    time: Date
    /**
     * The carrier gives a local time and nobody stated its zone: `time` is that local time, taken
     * for UTC.
     */
    localTime?: boolean
    /** What happened. */
    activity: Activity
    /** The activity in its own words. */
    name: string
    /** How it ended. */
    result: AuditResult
    /** Why, in the service's words. */
    reason?: string | null
    /** What all records of one flow share. */
    correlation?: string | null
    /** Which agent wrote the password back, where the record says it. */
    agent?: Agent | null
    /**
     * How the person proved to be the owner, where the record of a self-service reset or unlock
     * says it, in the service's words.
     */
    method?: string | null
    /** The user principal name of who did it, or the name of the application. */
    actor?: string | null
    /** The object id of who did it; of an application its service principal. */
    actorId?: string | null
    /** Whether an application did it. */
    byApplication: boolean
    /** The user principal name of whose account it is, else its id. */
    target?: string | null
    /** The object id of whose account it is. */
    targetId?: string | null
  }

  /** How an activity ended. */
  export type AuditResult =
    | 'success'
    | 'failure'
    | 'timeout'
    | 'unknown'

  /** An event of a Windows log, as far as its carrier tells. */
  export interface Event {
    /** The provider, such as `PasswordResetService`. */
    provider: string
    /** The event id without its qualifiers. */
    id: number
    /** The record number in its log. */
    record?: number | null
    /** When it was written. */
    time?: Date | null
    /**
     * The time cannot be relied on, and neither can joins on it. The carrier gives a local time
     * without saying of which zone, and nobody stated the zone: `time` is that local time, taken for UTC. Or
     * the hour is one that the clocks of the stated zone strike twice, or leave out; or day
     * and month may stand the other way round.
     */
    localTime?: boolean
    /** The computer that wrote it. */
    computer?: string | null
    /** The log, such as `Application`. */
    channel?: string | null
    /** 1 critical, 2 error, 3 warning, 4 information, 0 as the provider likes. */
    level?: number | null
    /** Keywords; success and failure of an audit stand here. */
    keywords?: number | null
    /** The data strings, with their names where the provider gives them. */
    data: EventDatum[]
    /** The rendered text, in the language of the machine that rendered it. */
    message?: string | null
  }

  /** One data string of an event. */
  export interface EventDatum {
    /** Its name, where the provider gives one. */
    name?: string | null
    /** Its text. */
    value: string
  }

  /** What is known of one event. */
  export interface EventInfo {
    /** Who writes it. */
    source: Source
    /** Its id. */
    id: number
    /** Its documented symbol or title; empty when none is published. */
    symbol: string
    /** Its level. */
    level: Level
    /** Whether the level was seen in a real log. Microsoft's tables do not state levels. */
    levelObserved: boolean
    /** What it is about. */
    area: Area
    /** Where in an operation it stands. */
    stage: EventStage
    /** What it says. */
    meaning: string
    /** What is likely behind it; may be empty. */
    cause: string
    /** What helps; may be empty. */
    remedy: string
    /** A remark; may be empty. */
    note: string
    /** Addresses of the pages that say so. */
    sources: string[]
  }

  /** Where in an operation an event stands. */
  export type EventStage =
    /** It begins. */
    | 'start'
    /** It succeeded. */
    | 'success'
    /** It failed. */
    | 'failure'
    /** It ended; the text or the keywords say how. */
    | 'either'
    /** None of these. */
    | 'information'

  /** Whose fault a failed operation is. */
  export type Fault =
    /** Something that an administrator has to mend. */
    | 'system'
    /** The domain's rules refused the password. */
    | 'policy'
    /** The state of the account, or a wrong old password. */
    | 'person'
    /** Not known: the event names several causes. */
    | 'unclear'

  /** How serious an event is, as its provider says. */
  export type Level =
    | 'information'
    | 'warning'
    | 'error'

  /** Something in a log that could not be read. */
  export interface LogFault {
    /** What and where. */
    error: evidence.Fault
    /** How many records were lost by it, if known. */
    records: number | null
    /** How many bytes were lost by it, if known. */
    bytes: number | null
  }

  /** What stands in the text of an event of the writeback service or of the engine. */
  export interface Message {
    /** The id that all events of one operation share. */
    trackingId: string | null
    /** The step, such as `PasswordResetRequestStart`. */
    token: string | null
    /** The text after `Details:`, on its first line. */
    details: string | null
    /** The cloud object, `User_` and its id. */
    cloudAnchor: string | null
    /** The immutable id, in base 64. */
    sourceAnchor: string | null
    /** Whose password it is. */
    person: string | null
    /** The administrator who asked for it. */
    admin: string | null
    /** The administrator who asked is the person. */
    adminIsPerson: boolean
    /** The operation also unlocks the account. */
    unlock: boolean | null
    /** The password must be changed at the next logon. */
    forceChange: boolean | null
    /** The engine's result code. */
    code: string | null
    /** The engine's sentence that goes with the code. */
    reason: string | null
    /** The version of the writeback service. */
    version: string | null
    /** The service bus host. */
    serviceBus: string | null
  }

  /** The kinds of password operation. */
  export type OperationKind =
    /** A user who forgot the password. */
    | 'reset'
    /** A user who knows the old password. */
    | 'change'
    /** An administrator for a user, or a change in My Sign-Ins without the old password. */
    | 'adminReset'
    /** An unlock without a new password. */
    | 'unlock'

  /** One root cause. */
  export interface RootCause {
    /** A short name for programs, stable. */
    key: string
    /** A short name for people. */
    title: string
    /** Whose fault it is. */
    fault: Fault
    /** What is wrong. */
    cause: string
    /** How to check that it is this. */
    check: string
    /** What helps. */
    remedy: string
    /** Addresses of the pages that say so; empty where only a public post without a known address does. */
    sources: string[]
  }

  /** The program that writes an event. */
  export type Source =
    /** The writeback service of Entra Connect, provider `PasswordResetService`. */
    | 'writeback'
    /** The synchronisation engine of Entra Connect, provider `ADSync`. */
    | 'engine'
    /** Password hash synchronisation, provider `Directory Synchronization`. */
    | 'hashSync'
    /** The Security log, provider `Microsoft-Windows-Security-Auditing`. */
    | 'security'
    /** The domain controller agent of Entra Password Protection. */
    | 'protectionAgent'

  /** What is known of an event, by its provider and its id; null when nothing is. */
  export function lookUp(provider: string, id: number): EventInfo | null

  /** The root cause that an event tells of; null when it tells of none. */
  export function cause(event: Event | string): RootCause | null

  /** Every root cause that is known. */
  export function causes(): RootCause[]

  /** Reads one event as `wevtutil qe /f:xml` prints it. */
  export function parseEvent(xml: string): Event

  /** Takes the fields out of the text of an event. */
  export function parseMessage(text: string): Message

  /**
   * The event's own text: its unnamed data strings, which no language changes, else the rendered
   * message.
   */
  export function text(event: Event | string): string
}

export namespace evidence {
  /**
   * An input that could not be read, with the place in it.
   *
   * Messages never hold the offending value when that could be a person's data or a secret: they
   * name the field, the rule and the limit.
   */
  export interface Fault {
    /** The kind of fault, stable for programs. */
    code: FaultCode
    /** Where in the input. */
    place: string
    /** What was found and what was expected. */
    message: string
    /** What to try next, when something is known to help. */
    help: string | null
  }

  /** The kinds of fault that reading an input can meet. */
  export type FaultCode =
    /** The operating system refused to open or read. */
    | 'io'
    /** The bytes are not text in any encoding that is read here. */
    | 'encoding'
    /** The text does not follow the grammar of its form. */
    | 'syntax'
    /** A value is missing, or of another kind than the field takes. */
    | 'value'
    /** A value lies outside the range that its field allows. */
    | 'range'
    /** The input ends before it should. */
    | 'truncated'
    /** A stored checksum or hash differs from the content. */
    | 'checksum'
    /** A limit on size, depth or count was reached. */
    | 'limit'
    /** A path in an archive or manifest leaves its folder. */
    | 'unsafePath'
    /** Nothing in the input is evidence that is known here. */
    | 'unrecognised'
    /** The form is known, and this variant of it is not read. */
    | 'unsupported'
    /** The caller asked to stop. */
    | 'cancelled'
    /** No connection came about, or it broke. */
    | 'connection'
    /** A server's certificate is not trusted. */
    | 'certificate'
    /** A server refused what was asked, or it is refused to ask it. */
    | 'refused'

  /** One missing fact. */
  export interface Missing {
    /** The fact's name. */
    fact: string
    /** Of which server, domain or connector. */
    subject: string | null
  }

  /** Something that a collector asked for and did not get. */
  export interface NotAvailable {
    /** The evidence kind, such as `authenticationMethodsPolicy`. */
    what: string
    /** Why not. */
    reason: NotAvailableReason
    /** In the collector's words. */
    detail?: string | null
  }

  /** Why a collector did not get something. */
  export type NotAvailableReason =
    | 'notRequested'
    | 'noPermission'
    | 'notInThisCloud'
    | 'error'

  /** Where a fact came from. */
  export interface Provenance {
    /** Which piece of evidence. */
    source: number
    /** Where in it. */
    locator: string
    /** When it was observed, if the content, the manifest or an option says so. */
    observedAt: Date | null
    /** How strong it is. */
    strength: Strength
  }

  /** How much a fact can be relied on. Later variants outweigh earlier ones. */
  export type Strength =
    /** Concluded from something else. */
    | 'inferred'
    /** A person's word. */
    | 'attested'
    /** Exported by a person from the system of record (PowerShell output, portal JSON, templates). */
    | 'exported'
    /** Read from the system of record (Graph answers, LDAP attributes, event records). */
    | 'observed'

  /** Whom or what a file is about. */
  export interface Subject {
    /** The kind of subject. */
    type: SubjectType
    /** Its id, if it has one. */
    id?: string | null
    /** Its name, if it has one. */
    name?: string | null
  }

  /** The kinds of subject. */
  export type SubjectType =
    | 'tenant'
    | 'host'
    | 'domain'
    | 'gpo'
    | 'group'
    | 'role'
    | 'user'
}

export namespace explain {
  /** What is known of something that was asked for. */
  export interface Answer {
    /** What was asked, as it was spelled. */
    asked: string
    /** What it may mean: one thing mostly, several where programs share a number or a name. */
    topics: Topic[]
    /** Names that are close to it, when nothing is known under its own. */
    near: string[]
  }

  /** One thing that can be explained. */
  export interface Topic {
    /** What kind of thing it is. */
    kind: TopicKind
    /** Its code, id or number, such as `33008`. */
    name: string
    /** What it is called. */
    title: string
    /** What it means, in sentences. */
    meaning: string
    /** What is likely behind it. */
    cause: string | null
    /** How to check that it is this. */
    check: string | null
    /** What to do, in order. */
    steps: string[]
    /** A command that does it. Names in angle brackets stand for the tenant's own. */
    command: string | null
    /** Remarks. */
    notes: string[]
    /** Rules that judge it, by code. */
    rules: string[]
    /** Addresses of documentation. */
    sources: string[]
  }

  /** The kinds of thing that can be explained. */
  export type TopicKind =
    /** A rule, such as `SSPR401`. */
    | 'rule'
    /** A phase of the set-up. */
    | 'phase'
    /** An event of a Windows log. */
    | 'event'
    /** A result code of Windows or of the synchronisation engine. */
    | 'resultCode'
    /** A fixed phrase inside an event. */
    | 'phrase'
    /** A code that a user sees, such as `SSPR_0029`. */
    | 'userCode'
    /** A reason or an activity of the audit log. */
    | 'audit'
    /** A program that writes events. */
    | 'source'
    /** A product. */
    | 'product'
    /** A service plan. */
    | 'plan'
    /** A right, an attribute or a class of the directory. */
    | 'right'
    /** A user right or a security option of a machine. */
    | 'setting'

  /**
   * Explains one thing: a rule (`SSPR401`), a phase, an event id, a result code in any spelling, a
   * code that users see (`SSPR_0029`), a reason of the audit log, a product or plan by name or id, a
   * right by name or GUID. A longer text is searched like `findAll` does.
   */
  export function explain(text: string): Answer

  /** Everything in a text that can be explained, in its order. */
  export function findAll(text: string): Answer[]
}

export namespace forecast {
  /** What will become of a password. */
  export type Answer =
    /** It is taken, as far as can be told from outside; what cannot is named beside it. */
    | 'accepted'
    /** Something that evidence can settle is not known. */
    | 'unknown'
    /** It is refused. */
    | 'refused'

  /** Where a person's password is managed. */
  export type Managed =
    /** In Active Directory: the cloud hands every new password over. */
    | 'onPremises'
    /** In the cloud alone. */
    | 'cloud'
    /** The evidence does not tell. */
    | 'unknown'

  /** Something that is not known and could still refuse the password. */
  export interface Open {
    /** The fact that is missing, such as `domain.minimumPasswordAge`. */
    fact: string
    /** What is not known, in a sentence. */
    message: string
  }

  /** What will become of it in one operation. */
  export interface OperationForecast {
    /** The answer of both sides together. */
    answer: Answer
    /** The reason that would be given: the cloud looks first, then the domain in its own order. */
    first: Reason | null
    /** The cloud's answer. */
    cloud: SideForecast
    /** The domain's answer; none for a person of the cloud. */
    domain: SideForecast | null
  }

  /** The policy that an answer rests on. */
  export interface PolicyUsed {
    /** Its name: of the domain, or of the fine-grained policy. */
    name: string
    /** Whether it is certain that it holds. */
    certain: boolean
    /** Why it holds, or why that is not certain, in a sentence. */
    why: string
    /** Its settings, as far as they are known. */
    settings: directory.PasswordPolicyDraft
  }

  /** What will become of one password of one person. The password is not in it. */
  export interface Prediction {
    /** The user principal name that was asked for. */
    user: string
    /** Whether the evidence knows the person. */
    known: boolean
    /** The time that the answer is for. */
    asOf: Date
    /** Where the password is managed. */
    managed: Managed
    /** The domain's policy that the answer rests on; none for a person of the cloud. */
    policy: PolicyUsed | null
    /** A reset of a forgotten password. */
    reset: OperationForecast
    /** A change of a password that is known. */
    change: OperationForecast
    /** What else is worth knowing of this account. */
    notes: string[]
  }

  /** One reason for a refusal. The candidate is not in it. */
  export interface Reason {
    /** A short name, such as `tooShort`. */
    code: string
    /** What stands against the password, in a sentence. */
    message: string
    /** The event of the writeback service to expect, where the domain refuses. */
    event: number | null
    /** The result code to expect with it, where one is known. */
    hresult: string | null
    /** The text that Windows logs with the result code, where one is known. */
    logged: string | null
    /** What the person is told, in substance; Microsoft changes the words. */
    userSees: string
  }

  /** The answer of one side. */
  export interface SideForecast {
    /** The answer. */
    answer: Answer
    /** Every reason to refuse, in the order in which that side looks. */
    reasons: Reason[]
    /** What is not known and could still refuse it. */
    unknown: Open[]
    /** What no evidence can tell. */
    untold: string[]
  }
}

export namespace graph {
  /** What a run, and each request in it, may cost. */
  export interface Bounds {
    /**
     * Most bytes of one answer, unpacked; at most 16 MiB, which is what one line of evidence may
     * hold.
     */
    answerBytes?: number
    /** Most pages of one collection. */
    pages?: number
    /** Most seconds of a whole run. */
    seconds?: number
    /** Seconds to wait for a connection, and for each part of an answer. */
    timeoutSeconds?: number
    /** How often one request is sent at most. */
    attempts?: number
    /** Most seconds that one request waits between its attempts, all together. */
    waitSeconds?: number
    /** The longest `Retry-After` that is obeyed, in seconds. */
    retryAfterSeconds?: number
    /** Of how many people, whose licences leave a doubt, the plans are read. */
    peopleInDoubt?: number
  }

  /** What was collected. */
  export interface Collected {
    /** The folder with the evidence. */
    folder: string
    /** The tenant's id. */
    tenant: string | null
    /** Its initial domain, such as `contoso.onmicrosoft.com`. */
    initialDomain: string | null
    /** Files, the manifest apart. */
    files: number
    /** People in the list of users. */
    people: number
    /** Bytes received in this run, unpacked. */
    received: number
    /** What is not there, and why. */
    notAvailable: evidence.NotAvailable[]
    /** Whether nothing was cut short. What was can be read on with `Settings.resume`. */
    complete: boolean
  }

  /** What a person is shown who is to sign in. */
  export interface DevicePrompt {
    /** Where to go, such as `https://microsoft.com/devicelogin`. */
    url: string
    /** What to type there. */
    code: string
    /** Both in a sentence, in Entra's words. */
    message: string
    /** Until when the code can be used. */
    expires: Date
  }

  /** Something that Graph does not tell, and where to get it. */
  export interface Elsewhere {
    /** What. */
    what: string
    /** How to get it. */
    how: string
  }

  /** The clouds that have a name here. */
  export type GraphCloud =
    /** The public cloud, GCC included. */
    | 'global'
    /** US Government L4 (GCC High). */
    | 'usGovernment'
    /** US Government L5 (DoD). */
    | 'usGovernmentDod'
    /** China, operated by 21Vianet. */
    | 'china'

  /** A request that `collect` will make. */
  export interface PlannedRequest {
    /** The part of the evidence it is for, such as `users`. */
    part: string
    /** What it is for, in a sentence. */
    why: string
    /** `GET`, or `GET in $batch` where twenty go in one envelope. */
    method: string
    /** The address, readable. What only the tenant knows stands in angle brackets. */
    url: string
    /** The least permission that gives it, by its name for applications and for people. */
    permission: string
    /** Of the beta version, which may change any day. */
    beta: boolean
  }

  /**
   * How many requests are sent at most. The defaults are Microsoft's documented limits, with room
   * left for others where that can be.
   */
  export interface Rates {
    /** Resource units of identity requests in any 10 seconds. The smallest tenants have 3500. */
    identityUnits?: number
    /** Requests for reports and audit records in any 10 seconds. The limit is 5. */
    reports?: number
    /** Requests for conditional access policies in any second. The limit is 1. */
    conditionalAccess?: number
  }

  /**
   * What `collect` and `Client` read, from where, and within
   * which bounds. Plain data, without any secret.
   */
  export interface Settings {
    /**
     * The tenant: its id or one of its domains. Not needed with a ready token or a managed
     * identity.
     */
    tenant?: string | null
    /** The id of the application that signs in. Not needed with a ready token. */
    clientId?: string | null
    /** The folder for the evidence. It is made, and must be empty unless a run is resumed. */
    folder: string
    /** The cloud, whose root and authority count where none are given. */
    cloud?: GraphCloud
    /**
     * Where Graph answers, such as `https://graph.microsoft.com`, for a cloud that has no name
     * here. Only `https`, and `http` on this machine itself.
     */
    root?: string | null
    /** Where tokens are given, such as `https://login.microsoftonline.com`. */
    authority?: string | null
    /**
     * A file with certificates, in PEM, of authorities that are trusted beside those of the
     * operating system.
     */
    caFile?: string | null
    /** The object id of the group that self-service reset is on for, whose members are read. */
    scopeGroup?: string | null
    /** Of how many days the audit log is read, 1 to 366. Entra keeps 30, or 7 without P1. */
    auditDays?: number
    /** Also read what only the beta version tells. It may change any day. */
    beta?: boolean
    /** Compress the lists that are written. */
    gzip?: boolean
    /** Go on where an earlier run into the same folder was interrupted. */
    resume?: boolean
    /** How often something is asked at most. */
    rates?: Rates
    /** What a run may cost. */
    bounds?: Bounds
  }

  /**
   * Every request that `collect` would make with these settings, without asking any server. What only
   * the tenant knows stands in angle brackets.
   */
  export function plan(settings: Settings | string): PlannedRequest[]

  /** What Graph does not tell, and where to get it. */
  export function elsewhere(): Elsewhere[]
}

export namespace ldap {
  /** How to sign in. */
  export type Authentication =
    /** With a name and a password. */
    | 'simple'
    /**
     * By Kerberos, with the tickets that are there. Only where the library was built with the feature
     * `gssapi`, and not on Windows.
     */
    | 'kerberos'

  /** What was collected. */
  export interface Collected {
    /** The folder with the evidence. */
    folder: string
    /** The DNS host name of the domain controller that answered. */
    server: string
    /** The DNS name of its domain. */
    domain: string
    /** Files, the manifest apart. */
    files: number
    /** People. */
    people: number
    /** Distinct security descriptors. */
    descriptors: number
    /** Bytes received in this run. */
    received: number
    /** What could not be read, and why. */
    notAvailable: evidence.NotAvailable[]
  }

  /** A search that `collect` will make. */
  export interface PlannedSearch {
    /** The part of the evidence it is for, such as `people`. */
    part: string
    /** What it is for, in a sentence. */
    why: string
    /** The distinguished name it begins at; empty for the server's own entry. */
    base: string
    /** `base` or `sub`. */
    scope: string
    /** The filter, as RFC 4515 writes it. */
    filter: string
    /** The attributes that are asked for. */
    attributes: string[]
    /** The controls that are sent, by object identifier. */
    controls: string[]
    /** The same search as a command of OpenLDAP. */
    command: string
  }

  /**
   * What `collect` reads, from where, and where it puts it. Plain data, without
   * the password.
   */
  export interface Settings {
    /**
     * The domain controller: `ldaps://dc01.contoso.com`, or `ldap://dc01.contoso.com` where the run
     * starts TLS itself. A port may follow. Its certificate must be for this name.
     */
    server: string
    /**
     * The account that reads, as `user@contoso.com`, `CONTOSO\user` or a distinguished name. With
     * Kerberos, whose tickets are used, as `user@contoso.com`; where it is empty, the first that are there.
     */
    user: string
    /** The folder for the evidence. It is made, and must be empty unless a run is resumed. */
    folder: string
    /** How to sign in. */
    authentication?: Authentication
    /**
     * The domain controller's name in Kerberos, where the server is named by another, such as an alias
     * that its certificate is for too.
     */
    kerberosHost?: string | null
    /** Begin on the plain port and go on under TLS before anything else is said. */
    startTls?: boolean
    /**
     * An address, with a port or without, to connect to in place of the server's name; the
     * certificate must be for the name all the same.
     */
    address?: string | null
    /**
     * A file with the certificates, in PEM, of the authorities that are trusted; without it those
     * that the operating system trusts.
     */
    caFile?: string | null
    /** Below which object people are read; without it the whole domain. */
    base?: string | null
    /**
     * The people to read, by user principal name, account name or distinguished name; without any
     * all below the base.
     */
    people?: string[]
    /** The connector account's name; without it accounts that look like one are read. */
    connectorAccount?: string | null
    /**
     * How many entries one answer holds at most, 1 to 5000. Active Directory gives 1000 whatever
     * is asked beyond it.
     */
    pageSize?: number
    /**
     * How many people one file holds at most, 100 to 50000. An interrupted run goes on behind the
     * last file that was finished.
     */
    peopleInAFile?: number
    /** How many seconds to wait for an answer, 1 to 3600. */
    timeoutSeconds?: number
    /** Go on where an earlier run into the same folder was interrupted. */
    resume?: boolean
  }

  /**
   * Every search that `collect` would make with these settings, without asking any server. What only
   * the server knows stands in angle brackets.
   */
  export function plan(settings: Settings | string): PlannedSearch[]
}

export namespace licensing {
  /**
   * Whether the tenant owns what switches the operation on. It is a question of the tenant: Entra
   * does not enforce the licence of each person.
   */
  export type Availability =
    /** A usable product of the tenant grants it. */
    | 'yes'
    /** None does. */
    | 'no'
    /** What the tenant owns was not collected, or is ambiguous. */
    | 'unknown'

  /** The state of a subscription or plan, in the order of a lapse. */
  export type CapabilityStatus =
    /** Normal. */
    | 'enabled'
    /** Expired, in its grace period, still usable. */
    | 'warning'
    /** Not assignable; data is kept. */
    | 'suspended'
    /** Nobody can use it. */
    | 'lockedOut'
    /** Gone. A user's removed plans show this too. */
    | 'deleted'
    /** A state that this version does not know. */
    | { other: string }

  /** The nearest cause of an answer. */
  export type Cause =
    /** No licence is needed. */
    | { cause: 'notNeeded' }
    /** A licence grants it. */
    | { cause: 'granted'; product: string | null }
    /** A licence grants it, in its grace period. */
    | { cause: 'gracePeriod'; product: string | null; until: Date | null }
    /** The person holds no licence at all. */
    | { cause: 'noLicence' }
    /** The person holds licences, and none of them carries the right. */
    | { cause: 'withoutRight' }
    /** The licence that would grant it could not be assigned. */
    | { cause: 'assignmentError'; product: string; group: string | null; error: string | null }
    /** The plan that would grant it is switched off in the assignment. */
    | { cause: 'planDisabled'; product: string; group: string | null }
    /** The subscription that would grant it is no longer usable. */
    | { cause: 'lapsed'; product: string | null; status: CapabilityStatus }
    /**
     * A licence carries the right and the person's plans do not show it: the assignment is recent,
     * or the evidence is of different times.
     */
    | { cause: 'pending'; product: string }
    /** Microsoft's pages disagree on the product. */
    | { cause: 'ambiguousProduct'; product: string; ground: Ground }
    /** The product is in neither the catalogue nor the tenant's list. */
    | { cause: 'unknownProduct'; product: string }
    /** The person's licences were not collected. */
    | { cause: 'licencesNotCollected' }
    /** The state of the tenant's products was not collected. */
    | { cause: 'productsNotCollected' }

  /** A commercial subscription (`directory/subscriptions`), the only place that tells trials and ends. */
  export interface CompanySubscription {
    /** The product's id. */
    skuId: string
    /** Such as `ENTERPRISEPACK`. */
    partNumber: string
    /** The state of the subscription. */
    status: CapabilityStatus
    /** Whether it is a trial. */
    trial: boolean
    /** When its state changes next. */
    nextLifecycle: Date | null
    /** Units. */
    total: number | null
  }

  /** The two answers about a person and an operation, with the nearest cause in words. */
  export interface Entitlement {
    /** Whether the person is licensed; null when the evidence cannot tell. */
    licensed: Licensed | null
    /** Whether the tenant makes it available. */
    technicallyAvailable: Availability
    /** The nearest cause of the first answer. */
    cause: Cause
    /**
     * Whether the first answer was derived from assignments and the tenant's products, as
     * `assignedPlans` were not collected.
     */
    derived: boolean
    /** The nearest cause, as a sentence without its full stop. */
    because: string
  }

  /** What speaks for a product's right to reset or write back. */
  export type Ground =
    /** It holds Entra ID P1 or P2. */
    | 'entraPremium'
    /** Microsoft 365 Business Standard, which the licensing page names. No plan shows this right. */
    | 'businessStandard'
    /** It holds Entra ID Basic, which is retired. */
    | 'entraBasic'
    /**
     * A paid Office 365 suite without an Entra plan: an older wording named "any paid Office 365
     * SKU", the present one does not.
     */
    | 'office365'
    /** It holds Entra ID Basic for Education, of which no statement is known. */
    | 'entraBasicEdu'
    /** Microsoft 365 Business Basic, which the page's "Business Standard or higher" leaves out. */
    | 'businessBasic'
    /** Microsoft 365 Apps alone. */
    | 'officeApps'
    /** It holds `AAD_SMB` without P1. */
    | 'entraSmallBusiness'
    /** It holds `AAD_EDU` alone, whose meaning is not documented. */
    | 'entraEdu'

  /** Whether a person may use an operation by the terms of the licences. */
  export type Licensed =
    /** A licence grants it, or none is needed. */
    | 'yes'
    /** No licence grants it. */
    | 'no'
    /** Microsoft's pages disagree about the person's product, or the product is not known here. */
    | 'ambiguous'

  /** What a person wants to do in the cloud. */
  export type Operation =
    /** Set a new password, knowing the old one. */
    | 'change'
    /** Set a new password, having forgotten the old one. */
    | 'reset'
    /** Unlock the account and keep the password. */
    | 'unlock'

  /** Units of a subscription by state. */
  export interface PrepaidUnits {
    /** Paid now. */
    enabled: number
    /** Expired, in grace. */
    warning: number
    /** Cancelled, can be revived. */
    suspended: number
    /** Cancelled; absent in some clouds. */
    lockedOut: number | null
  }

  /** A product that can be bought. */
  export interface Product {
    /** Its id (`skuId`), the only key. */
    id: string
    /** Its part number (`skuPartNumber`), such as `ENTERPRISEPACK`. Not unique. */
    partNumber: string
    /** What it is called. */
    name: string
    /** Other names of it in the same table. */
    otherNames: string[]
    /** What speaks for a right to reset or write back; null when nothing does. */
    ground: Ground | null
    /** The Entra ID plans it holds. */
    plans: ('premium' | 'premiumP2' | 'basic' | 'basicEdu' | 'smallBusiness' | 'edu')[]
    /** Meant for rooms or shared devices. */
    forDevices: boolean
  }

  /** A plan inside a product. */
  export interface ServicePlan {
    /** The plan's id. */
    id: string
    /** Such as `AAD_PREMIUM`. */
    name: string
    /** Whether its provisioning is `Disabled` or in `Error`. */
    unavailable: boolean
  }

  /** A product that the tenant owns (`subscribedSkus`). */
  export interface SubscribedSku {
    /** The product's id. */
    skuId: string
    /** Such as `ENTERPRISEPACK`. Never a key: part numbers are not unique. */
    partNumber: string
    /** Whether it is assigned to users, not to the company. */
    forUsers: boolean
    /** The state of the subscription. */
    status: CapabilityStatus
    /** Units in use. */
    consumed: number
    /** Units owned. */
    prepaid: PrepaidUnits
    /** Its plans. */
    plans: ServicePlan[]
  }

  /** Products by name, part number or id, in any case. */
  export function findProducts(text: string): Product[]

  /** The product with this id (`skuId`). */
  export function product(id: string): Product | null

  /** Every product of the catalogue. */
  export function products(): Product[]

  /** Reads Graph's `subscribedSkus`. */
  export function parseSubscribedSkus(json: Json): SubscribedSku[]

  /** Reads Graph's `directory/subscriptions`. */
  export function parseSubscriptions(json: Json): CompanySubscription[]

  /**
   * Whether a user of Graph is licensed for an operation (`reset` without one), and whether the
   * tenant makes it available. `skus` is Graph's `subscribedSkus`, `subscriptions` its
   * `directory/subscriptions`; null stands for what was not collected. The answer is null where
   * the user does not tell whether it is synchronised (`onPremisesSyncEnabled`).
   */
  export function entitlement(user: Json, skus?: Json | null, operation?: Operation | null, subscriptions?: Json | null): Entitlement | null
}

export namespace policy {
  /** A role whose holders come under the administrators' policy. */
  export interface AdministratorRole {
    /** Its name in Microsoft's list. */
    name: string
    /** Its `roleTemplateId`; absent for roles that the public list of built-in roles lacks. */
    template: string | null
  }

  /** `policies/authenticationMethodsPolicy`. */
  export interface AuthenticationMethodsPolicy {
    /** `policyMigrationState`. */
    migration: evidence.Reading<MigrationState>
    /**
     * The methods. A type that is not known here keeps Graph's name; one whose state cannot be
     * read makes the list unreadable, since it could be on.
     */
    methods: evidence.Reading<ConvergedMethod[]>
  }

  /** `policies/authorizationPolicy`, as far as password reset goes. */
  export interface AuthorizationPolicy {
    /**
     * `allowedToUseSSPR`: whether *administrators* may reset their own passwords. It does not
     * switch self-service for anybody else.
     */
    adminsAllowed: evidence.Reading<boolean>
  }

  /** How a candidate fares. The candidate itself is not in it. */
  export type BannedVerdict =
    /** Nothing that was given stands against it. Microsoft's own list may. */
    | { verdict: 'accepted'; score: number }
    /** It contains a name of the person or the tenant. */
    | { verdict: 'containsName' }
    /** As a whole it is a banned term, or one edit away from one. */
    | { verdict: 'isBannedTerm' }
    /** Its score is below 5. */
    | { verdict: 'tooWeak'; score: number }

  /** A rule that a candidate breaks. The candidate itself is not in it. */
  export type CloudPasswordFault =
    /** It has too few characters. */
    | { rule: 'tooShort'; minimum: number }
    /** It has too many characters. */
    | { rule: 'tooLong'; maximum: number }
    /** Too few classes of characters occur. */
    | { rule: 'tooFewClasses'; found: number; needed: number }
    /** Some characters are not allowed, such as all beyond ASCII. */
    | { rule: 'characterNotAllowed'; count: number }

  /** One method of the authentication methods policy. */
  export interface ConvergedMethod {
    /** Which method. */
    kind: MethodKind
    /** Whether it is on. */
    state: MethodState
    /** Whom it reaches; absent when the evidence does not tell. */
    include?: Target[] | null
    /** Whom it leaves out; absent when the evidence does not tell. */
    exclude?: Target[] | null
    /** For voice: whether the office phone counts (`isOfficePhoneAllowed`). */
    officePhone?: boolean | null
  }

  /** A group that a method is targeted at. */
  export interface GroupTarget {
    /** The group's id. */
    id: string
  }

  /** The on-premises integration of the Password reset blade. */
  export interface IntegrationSettings {
    /** Write back passwords to the on-premises directory. */
    writeback?: boolean | null
    /** Unlock accounts without resetting the password. */
    unlock?: boolean | null
    /** Write back passwords with cloud sync. */
    cloudSync?: boolean | null
  }

  /** A method of the legacy Password reset blade. */
  export type LegacyMethod =
    /** Approve a notification in the Authenticator app. */
    | 'mobileAppNotification'
    /** A code from an app or a token. */
    | 'mobileAppCode'
    /** A code sent to another mailbox. */
    | 'email'
    /** A code by SMS, or a voice call. */
    | 'mobilePhone'
    /** A voice call to the office. */
    | 'officePhone'
    /** Answers to questions. */
    | 'securityQuestions'

  /** The methods of the authentication methods policy. */
  export type MethodKind =
    | 'email'
    | 'fido2'
    | 'hardwareOath'
    | 'microsoftAuthenticator'
    | 'sms'
    | 'softwareOath'
    | 'temporaryAccessPass'
    | 'voice'
    | 'x509Certificate'
    /** A method that this version does not know, by Graph's name. */
    | { other: string }

  /** Whether a method is on. */
  export type MethodState =
    /** On for its targets. */
    | 'enabled'
    /** Off for everybody. */
    | 'disabled'

  /** How far a tenant has moved from the legacy policies to the authentication methods policy. */
  export type MigrationState =
    /** SSPR uses the legacy policy alone. */
    | 'preMigration'
    /** SSPR uses both. */
    | 'migrationInProgress'
    /** SSPR uses the authentication methods policy; only security questions stay behind. */
    | 'migrationComplete'

  /** What the portal says of the on-premises integration, with the settings that follow from it. */
  export interface OnPremisesPasswordResetPolicies {
    /** `passwordWritebackSupported`, the switch of that name on the blade. */
    writeback: evidence.Reading<boolean>
    /** `accountUnlockEnabled`. */
    unlock: evidence.Reading<boolean>
    /** `cloudProvisioningEnablementForTenant`: write back with cloud sync. */
    cloudSync: evidence.Reading<boolean>
    /** What could be read. */
    settings: IntegrationSettings
  }

  /** What the portal says of the Password reset blade, with the draft that follows from it. */
  export interface PasswordResetPolicies {
    /** `enablementType`: 0 nobody, 1 a group, 2 everybody. */
    scope: evidence.Reading<ResetScope>
    /** `numberOfAuthenticationMethodsRequired`. */
    methodsRequired: evidence.Reading<number>
    /** Methods that are both enabled and allowed. */
    methods: evidence.Reading<LegacyMethod[]>
    /** The numbers of security questions. */
    questions: evidence.Reading<QuestionSettings>
    /** `registrationRequiredOnSignIn`. */
    registrationRequired: evidence.Reading<boolean>
    /** `registrationReconfirmIntevalInDays`, misspelt so by the portal; 0 is never. */
    reconfirmDays: evidence.Reading<number>
    /** `notifyUsersOnPasswordReset`. */
    notifyUsers: evidence.Reading<boolean>
    /** `notifyOnAdminPasswordReset`. */
    notifyAdmins: evidence.Reading<boolean>
    /** `customizeHelpdeskLink`. */
    helpdeskCustomised: evidence.Reading<boolean>
    /** `customHelpdeskEmailOrUrl`; null counts as empty. */
    helpdeskLink: evidence.Reading<string>
    /** What could be read, as a draft. */
    draft: PolicyDraft
  }

  /** "Password Rule Settings": banned passwords and smart lockout of the tenant. */
  export interface PasswordRuleSettings {
    /** Whether the custom list of banned passwords is on. */
    customList: boolean | null
    /** How many terms the custom list has. The terms themselves are not kept. */
    customTerms: number | null
    /** Whether Entra Password Protection is on for the on-premises domain. */
    onPremises: boolean | null
    /** Whether it enforces there (`true`) or only audits (`false`). */
    onPremisesEnforced: boolean | null
    /** Failed sign-ins before smart lockout. */
    lockoutThreshold: number | null
    /** First lockout, in seconds. */
    lockoutSeconds: number | null
  }

  /** One entry of `groupSettings`, or of beta's `settings`. */
  export interface PasswordRules {
    /** Banned passwords and smart lockout. Absent for an entry of another template. */
    settings: evidence.Reading<PasswordRuleSettings>
    /** Values that could not be read; their settings are absent. */
    faults: evidence.Fault[]
  }

  /**
   * The settings of a tenant's self-service password reset as somebody wrote them down. Any value
   * fits; `SsprPolicy.try_from` checks them.
   *
   * In JSON the names are camelCase, and what is left out is not known.
   */
  export interface PolicyDraft {
    /** For whom it is enabled. Must be given. */
    scope?: ResetScope | null
    /** How many methods a reset takes, 1 or 2. Must be given. */
    methodsRequired?: number | null
    /** Methods that are on in the legacy policy. */
    methods?: LegacyMethod[] | null
    /** Methods of the authentication methods policy. */
    converged?: ConvergedMethod[] | null
    /** Which of the two policies a reset uses. */
    migration?: MigrationState | null
    /** The numbers of security questions; must be given where they are on. */
    questions?: QuestionSettings | null
    /** Users must register at sign-in. */
    registrationRequired?: boolean | null
    /** Days before users reconfirm, 0 to 730; 0 is never. */
    reconfirmDays?: number | null
    /** Users hear of their own reset. */
    notifyUsers?: boolean | null
    /** Administrators hear of other administrators' resets. */
    notifyAdmins?: boolean | null
    /** The helpdesk link is customised. */
    helpdeskCustomised?: boolean | null
    /** The custom helpdesk address: a mail address or a web address. */
    helpdeskLink?: string | null
    /** The blade's on-premises integration. */
    integration?: IntegrationSettings
  }

  /** One setting that breaks a rule. */
  export interface PolicyFault {
    /** The setting, named as in the draft's JSON, such as `reconfirmDays`. */
    field: string
    /** The rule it breaks. */
    rule: PolicyRule
    /** What the draft says. */
    found: string
    /** What is allowed. */
    allowed: string
  }

  /** The rules that a policy keeps. */
  export type PolicyRule =
    /** The setting must be given. */
    | 'missing'
    /** The number lies outside its range. */
    | 'range'
    /** A scope of selected users needs a group. */
    | 'groupNeeded'
    /** No more questions can be asked at a reset than were registered. */
    | 'resetWithinRegistered'
    /** No more questions can be registered than are defined. */
    | 'registeredWithinDefined'
    /** The numbers of questions must be given where security questions are on. */
    | 'questionsNeeded'
    /** A customised helpdesk link needs a mail address or a web address. */
    | 'helpdeskAddress'
    /** Fewer methods are usable than a reset takes. */
    | 'enoughMethods'

  /** The numbers of security questions. */
  export interface QuestionSettings {
    /** How many questions the tenant offers, if known. */
    defined?: number | null
    /** How many a user must answer to register, 3 to 5. */
    requiredToRegister?: number | null
    /** How many a user must answer to reset, 3 to 5. */
    requiredToReset?: number | null
  }

  /** Why a method that is on does not count. */
  export type Reason =
    /** The migration is complete: the legacy switch is ignored. */
    | 'legacyIgnored'
    /** Before the migration a reset uses the legacy policy alone. */
    | 'convergedNotYetUsed'
    /** Under the legacy policy a notification works only where two methods are required. */
    | 'notificationNeedsTwo'
    /** It signs in, and does not reset passwords. */
    | 'notForReset'
    /** It is on, and targeted at nobody. */
    | 'reachesNobody'

  /** A way to prove one's identity at a reset. */
  export type ResetMethod =
    /** A notification in the Authenticator app. */
    | 'appNotification'
    /** A code in the Authenticator app. */
    | 'appCode'
    /** A code of another authenticator app. */
    | 'softwareToken'
    /** A code of a hardware token. */
    | 'hardwareToken'
    /** A code sent to another mailbox. */
    | 'email'
    /** A code by SMS. */
    | 'sms'
    /** A call to the mobile phone. */
    | 'voice'
    /** A call to the office phone. */
    | 'officePhone'
    /** Answers to questions. */
    | 'securityQuestions'

  /** For whom self-service password reset is enabled. */
  export type ResetScope =
    /** For nobody. */
    | { scope: 'none' }
    /** For the members of one group, nested groups included. */
    | { scope: 'selected'; groupId: string | null; groupName: string | null }
    /** For everybody. */
    | { scope: 'all' }

  /** A method that is on somewhere and cannot be used for a reset. */
  export interface SetAside {
    /** Its name in the policy that has it on. */
    method: string
    /** Why it does not count. */
    reason: Reason
  }

  /** The policy that makes a method usable. */
  export type Source =
    /** The legacy switches of the Password reset blade. */
    | 'legacy'
    /** The authentication methods policy. */
    | 'converged'
    /** Both. */
    | 'both'

  /** Whom a method or policy reaches. */
  export type Target =
    /** Everybody. */
    | 'allUsers'
    /** The members of a group. */
    | { group: GroupTarget }

  /** A term that a custom list cannot hold. */
  export type TermFault =
    /** Fewer than four characters. */
    | 'tooShort'
    /** More than sixteen characters. */
    | 'tooLong'

  /** A rule that a user principal name breaks. */
  export type UpnFault =
    /** It does not have the form `name@domain`. */
    | { rule: 'form' }
    /** The whole name is longer than 113 characters. */
    | { rule: 'tooLong' }
    /** The part before the `@` is longer than 64 characters. */
    | { rule: 'localTooLong' }
    /** The part behind the `@` is longer than 48 characters. */
    | { rule: 'domainTooLong' }
    /** A dot stands directly before the `@`. */
    | { rule: 'dotBeforeAt' }
    /** A character before the `@` is not allowed. */
    | { rule: 'characterNotAllowed'; character: string }

  /** One usable method and the policy it comes from. */
  export interface UsableMethod {
    /** The method. */
    method: ResetMethod
    /** Where it is on. */
    source: Source
  }

  /** The methods that a reset can use, with what follows from them. */
  export interface UsableMethods {
    /** How many a reset takes. */
    required: number
    /** The usable ones, each once, in a fixed order. */
    methods: UsableMethod[]
    /** The others that are on somewhere. */
    setAside: SetAside[]
    /** How many of them count apart. */
    independent: number
    /** How many are needed. */
    needed: number
    /** Whether they suffice. */
    isEnough: boolean
    /** Whether all hang on one phone. */
    onOnePhone: boolean
  }

  /**
   * The methods usable for a reset. `legacy` are the switches of the Password reset blade that are
   * on, `converged` the methods of the authentication methods policy, `required` is 1 or 2.
   */
  export function usableMethods(legacy: LegacyMethod[] | string, converged: ConvergedMethod[] | string, migration: MigrationState, required: number): UsableMethods

  /** The roles of Entra ID whose holders are under the policy of administrators. */
  export function administratorRoles(): AdministratorRole[]

  /** The rules that a user principal name breaks, none when it is acceptable. */
  export function checkUpn(upn: string): UpnFault[]

  /** Reads the portal's answer `PasswordReset/PasswordResetPolicies`. */
  export function parsePasswordResetPolicies(json: Uint8Array | string): PasswordResetPolicies

  /** Reads the portal's answer `PasswordReset/OnPremisesPasswordResetPolicies`. */
  export function parseOnPremisesPolicies(json: Uint8Array | string): OnPremisesPasswordResetPolicies

  /** Reads Graph's `policies/authorizationPolicy`, as far as password reset goes. */
  export function parseAuthorizationPolicy(json: Uint8Array | string): AuthorizationPolicy

  /** Reads Graph's `policies/authenticationMethodsPolicy`. */
  export function parseAuthenticationMethodsPolicy(json: Uint8Array | string): AuthenticationMethodsPolicy

  /** Reads one entry of Graph's `groupSettings`: banned passwords and smart lockout. */
  export function parsePasswordRules(json: Uint8Array | string): PasswordRules

  /** Banned terms and names, ready to be compared with candidates. */
  export class BannedPasswords {
    /**
     * From the terms of a custom list, and the names that must not occur: the person's first and
     * last name and the tenant's name.
     */
    constructor(terms: string[], names?: string[] | null)
    /** What keeps a term out of a custom list; null when nothing does. */
    static checkTerm(term: string): TermFault | null
    /** How a candidate fares. Microsoft's own list is secret, so that *accepted* is never proof. */
    judge(candidate: string): BannedVerdict
  }

  /** The rules that Microsoft Entra ID applies to the password of a cloud account. */
  export class CloudPasswordRules {
    /** The usual rules: 8 to 256 characters of three classes. Other numbers replace them. */
    constructor(minimumLength?: number | null, maximumLength?: number | null, classes?: number | null)
    /** The rules of a tenant for education. */
    static education(): CloudPasswordRules
    /** The rules that a candidate breaks, none when it is acceptable. The candidate is not kept. */
    check(candidate: string): CloudPasswordFault[]
  }

  /**
   * The settings of a tenant's self-service password reset, every one within its range and none at
   * odds with another.
   */
  export class SsprPolicy {
    /** Checks a draft. Throws an `SsprError` whose `faults` list everything that is wrong with it. */
    constructor(draft: PolicyDraft | string)
    /** For whom the reset is enabled. */
    readonly scope: ResetScope
    /** How many methods a reset takes. */
    readonly methodsRequired: number
    /** All settings, as a draft. */
    readonly settings: PolicyDraft
    /** The methods that a reset can use; null while the migration state or the methods are not known. */
    usableMethods(): UsableMethods | null
    /** The settings, for `JSON.stringify`. */
    toJSON(): PolicyDraft
  }
}

export namespace readiness {
  /** Something to collect. */
  export interface CollectEntry {
    /** A short name. */
    id: string
    /** What it is. */
    what: string
    /** Where to run it. */
    where: string
    /** The rights it takes. */
    rights: string
    /** The minutes it takes. */
    minutes: number
    /** The command, with this tenant's own names. */
    command: string
    /** The rules that it settles, gates first. */
    settles: string[]
  }

  /** People, servers or other things that a finding concerns. */
  export interface Concerned {
    /** How many, without the excluded. */
    count: number
    /** How many the configuration excludes. */
    excluded: number
    /** The first of them by name. */
    sample: string[]
  }

  /** A place in the evidence. */
  export interface EvidenceRef {
    /** An index into the report's `evidence`. */
    source: number
    /** The place in it. */
    locator: string
    /** When it was observed. */
    observedAt: Date | null
    /** How strong it is. */
    strength: evidence.Strength
  }

  /** One rule's verdict with its evidence. */
  export interface Finding {
    /** The rule. */
    code: string
    /** Its phase. */
    phase: Phase
    /** What it judges. */
    title: string
    /** The verdict. */
    verdict: Verdict
    /** How much it weighs here. */
    severity: Severity
    /** Whether it is a gate. */
    gate: boolean
    /** Whether the verdict rests on an inference. */
    inferred: boolean
    /** It predicts trouble, and a later password was written all the same. */
    worksToday: boolean
    /** The verdict in words. */
    message: string
    /** Measured values. */
    values: Record<string, unknown>
    /** How to mend it, when it failed. */
    remedy: Remedy | null
    /** What decided. */
    evidence: EvidenceRef[]
    /** Documentation. */
    sources: string[]
    /** The people, servers or other things concerned. */
    subjects: Concerned | null
    /** Whom a failure hits. */
    hits: Hits | null
    /** What is missing, when it is unknown. */
    missing: evidence.Missing[]
  }

  /** Whom a failure hits. */
  export type Hits =
    /** Everybody in scope. */
    | 'everybody'
    /** The people that `subjects` counts. */
    | 'subjects'

  /** A password that was seen written. */
  export interface LastProof {
    /** What was done, such as `reset`. */
    operation: events.OperationKind
    /** When. */
    at: Date
    /** For whom. */
    user: string | null
    /** On which server. */
    host: string | null
  }

  /** For how many people it works. */
  export interface PeopleCount {
    /** People in scope. */
    inScope: number
    /** Of these, hit by at least one failed error rule. */
    hit: number
  }

  /** A stretch of time. */
  export interface Period {
    /** Its start. */
    from: Date
    /** Its end. */
    to: Date
  }

  /** The part of the set-up that a rule belongs to. */
  export type Phase =
    /** Phase 1. */
    | 'cloudScope'
    /** Phase 2. */
    | 'writebackServer'
    /** Phase 3. */
    | 'onPremisesIntegration'
    /** Phase 4. */
    | 'domainPolicy'
    /** Phase 5. */
    | 'userVerification'
    /** Phase 6. */
    | 'eventLog'
    /** Who may benefit. */
    | 'licensing'
    /** What the connector account may do. */
    | 'permissions'
    /** The evidence itself. No phase of the set-up, and no cell on the screen. */
    | 'evidence'

  /** One phase. */
  export interface PhaseReport {
    /** Which. */
    phase: Phase
    /** Its number, 1 to 6, for the phases of the set-up. */
    number: number | null
    /** What it is called. */
    title: string
    /** The verdict. */
    verdict: PhaseVerdict
    /** Whether a pass rests on an inference. */
    inferred: boolean
    /** Failed rules that weigh as errors. */
    errors: number
    /** Failed rules that weigh as warnings. */
    warnings: number
  }

  /** The verdict on a phase or on the whole. */
  export type PhaseVerdict =
    /** Nothing stands in the way. */
    | 'pass'
    /** Something does. */
    | 'fail'
    /** A gate is not settled. */
    | 'unknown'
    /** The phase does not arise in this tenant. */
    | 'notApplicable'

  /** How to mend a failure. It is printed, and never run. */
  export interface Remedy {
    /** What the mending brings, and what to weigh. */
    why: string
    /** What to do, in order. */
    steps: string[]
    /** The command, where there is one. */
    command: string | null
    /** How to see that it worked. */
    verify: string
    /** The way back. */
    undo: string
  }

  /** A rule, with everything that is said of it wherever it appears. */
  export interface Rule {
    /** Such as `SSPR401`; stable for ever. */
    code: string
    /** What it judges. */
    title: string
    /** The phase it belongs to. */
    phase: Phase
    /** How much a failure weighs. */
    severity: Severity
    /** A gate: while it is unknown, so is its phase. */
    gate: boolean
    /** It predicts trouble: a password written later turns a failure into a warning. */
    predicts: boolean
    /** The names of the facts it judges, the most telling first. */
    needs: string[]
    /** Why it matters. */
    rationale: string
    /** Addresses of the documentation it rests on. */
    sources: string[]
    /** How to mend a failure; names in angle brackets stand for the tenant's own. */
    remedy: Remedy
  }

  /** How much a failure weighs. */
  export type Severity =
    /** Good to know. */
    | 'information'
    /** Worse, or less safe, than it should be. */
    | 'warning'
    /** It will not work, for someone. */
    | 'error'

  /** A rule's verdict. */
  export type Verdict =
    /** As it should be. */
    | 'pass'
    /** Not as it should be. */
    | 'fail'
    /** A fact is missing. */
    | 'unknown'
    /** The question does not arise. */
    | 'notApplicable'

  /** Every rule, by code. */
  export function rules(): Rule[]

  /** The rule with this code, in any case. */
  export function rule(code: string): Rule | null

  /** What an administrator changes about the judgement. */
  export class Configuration {
    private constructor()
    /** Reads a configuration, in TOML, and checks that every rule it names exists. */
    static parse(text: string): Configuration
    /** What it changes, in words. */
    readonly changes: string[]
  }

  /** The verdict on a tenant. Its fields are those of the JSON, with a `Date` for every time. */
  export class Report {
    private constructor()
    /** Always `sspr-report/1`. */
    readonly schema: string
    /** The version of the library that judged. */
    readonly version: string
    /** The time the verdict is for. */
    readonly asOf: Date
    /** The tenant's name, where it is known. */
    readonly tenant: string | null
    /** The answer as a whole. */
    readonly verdict: PhaseVerdict
    /** Whether every gate is settled. */
    readonly gatesSettled: boolean
    /** For how many people it works, where people are in evidence. */
    readonly people: PeopleCount | null
    /** The last password that was seen written to the domain. */
    readonly lastProof: LastProof | null
    /** The phases, licensing and permissions. */
    readonly phases: PhaseReport[]
    /** Every rule, whatever its verdict, by code. */
    readonly findings: Finding[]
    /** What to collect next, the most telling first. */
    readonly collect: CollectEntry[]
    /** The one log that alone tells whether it works today, while no success is on record. */
    readonly quickestProof: CollectEntry | null
    /** The time that the evidence covers. */
    readonly period: Period | null
    /** What was read. */
    readonly evidence: snapshot.Evidence[]
    /** What gave nothing. */
    readonly skipped: snapshot.Skipped[]
    /** What the configuration changed, in words. */
    readonly configuration: string[]
    /** A report that was stored as JSON, text or bytes. */
    static fromJson(json: Uint8Array | string): Report
    /** The finding of a rule, such as `SSPR401`, in any case; none where it was switched off. */
    finding(code: string): Finding | null
    /** The report as indented JSON, byte for byte what every language gives. */
    json(): string
    /** The report as Markdown, with every rule and its evidence when `details` is true. */
    markdown(details?: boolean | null): string
    /** The report as one `<section>` of HTML, without style sheet, script or address of another place. */
    html(): string
    /**
     * The report as text for a terminal of a width (80 without one), with SGR colours when `color`
     * is true, and with every rule and its evidence when `details` is true.
     */
    text(style?: TextStyle | null): string
    /** The report as plain JSON values, for `JSON.stringify`. */
    toJSON(): Record<string, unknown>
  }
}

export namespace roundtrip {
  /** An hour with many more operations than the same hour has on other days. */
  export interface Burst {
    /** When it began. */
    hour: Date
    /** Of what. */
    of: BurstOf
    /** How many. */
    count: number
    /** The median of the same hour on the other days. */
    usual: number
  }

  /** What a burst is of. */
  export type BurstOf =
    /** Resets that were asked for. */
    | 'resets'
    /** Operations that failed or were refused. */
    | 'failures'

  /** One root cause and what it did. */
  export interface CauseTally {
    /** The cause; null where the events tell none. */
    cause: events.RootCause | null
    /** How many operations it ended. */
    operations: number
    /** How many people were hit, as far as the events name them. */
    people: number
  }

  /** How certain it is that an event belongs to an operation. */
  export type Certainty =
    /** An id that both carry says so. */
    | 'certain'
    /** Person, time and result say so, and no other operation comes into question. */
    | 'inferred'
    /** So too, and something about it is in doubt: its doubts say what. */
    | 'uncertain'

  /** A clock was set. */
  export interface ClockStep {
    /** The last pair before it. */
    after: Date
    /** The first pair after it. */
    before: Date
    /** How far it was moved, in milliseconds. */
    by: number
  }

  /** An account that writes passwords into the domain. */
  export interface Connector {
    /** Which. */
    account: ConnectorAccount
    /** How it is known. */
    known: HowKnown
  }

  /** An account that writes passwords into the domain for the writeback service. */
  export interface ConnectorAccount {
    /** The account name, such as `MSOL_0123456789ab`. */
    name?: string | null
    /** The domain's short name. */
    domain?: string | null
    /** The security identifier, such as `S-1-5-21-1-2-3-1105`. */
    sid?: string | null
  }

  /** A password that was set in the domain, and not by writeback. */
  export interface DomainSet {
    /** When, by the domain controller's own clock. */
    at: Date
    /** The account. */
    account: string
    /** Its domain. */
    domain: string | null
    /** Whose it is, where a list or an operation tells. */
    user: string | null
    /** Who set it; the person's own account for a change. */
    by: string | null
    /** The event id; null where only the directory's `pwdLastSet` tells. */
    event: number | null
    /** The domain controller. */
    host: string | null
    /** The evidence. */
    from: evidence.Provenance
  }

  /** What is uncertain about an event of an operation. */
  export type Doubt =
    /**
     * Another operation may have it as well: the nearest one has it among its events, the others
     * show it beside theirs.
     */
    | 'ambiguous'
    /** Its carrier tells a local time of an unknown zone. */
    | 'localTime'
    /** It has no time. */
    | 'noTime'
    /** The clock of its machine could not be compared with the others'. */
    | 'clockUnknown'
    /** The clock of its machine was set at about that time. */
    | 'clockSet'
    /** The account name was made from the user principal name, and several people have it. */
    | 'sharedName'
    /** That the account is the connector account is itself inferred from few events. */
    | 'connectorUnsure'

  /** How long operations took, in milliseconds. */
  export interface Durations {
    /**
     * How many operations have both a start and an end. Where a clock stepped back between them
     * they are left out.
     */
    measured: number
    /** Half of them took no longer. */
    median: number
    /** 90 of 100 took no longer. */
    percentile90: number
    /** 95 of 100 took no longer. */
    percentile95: number
    /** 99 of 100 took no longer. */
    percentile99: number
    /** The longest. */
    longest: number
  }

  /** A stretch of time. */
  export interface Gap {
    /** From. */
    from: Date
    /** To. */
    to: Date
  }

  /** How an account is known to be the connector account. */
  export type HowKnown =
    /** Evidence says so. */
    | 'stated'
    /** Its name begins with `MSOL_`, `AAD_` or `pGMSA_`. */
    | 'name'
    /** It set passwords where and when the service said that it had: in so many cases of so many. */
    | { writes: { matched: number; all: number } }

  /** How an event is known to belong to an operation. */
  export type Join =
    /** It is the first one. */
    | 'first'
    /** It carries the same tracking id. */
    | 'trackingId'
    /** It names the same object of the cloud, at the same time. */
    | 'cloudAnchor'
    /** It names the same immutable id, at the same time. */
    | 'sourceAnchor'
    /** It names the same person, at the same time. */
    | 'person'
    /** It names nobody, and lies within seconds on the same server, with the same result code. */
    | 'timeAndCode'
    /** The connector account did it to the person's account, at the same time. */
    | 'account'
    /** It belongs to the same flow in the cloud as the record that closes the operation. */
    | 'flow'
    /** No other operation was under way on that server. */
    | 'alone'

  /** What was asked for. */
  export type Kind =
    /** A user who forgot the password. */
    | 'reset'
    /** A user who knows the old password. */
    | 'change'
    /** An administrator for a user, or a change in My Sign-Ins without the old password. */
    | 'adminReset'
    /** An unlock without a new password. */
    | 'unlock'
    /** Writeback being switched on. */
    | 'onboarding'
    /** Writeback being switched off. */
    | 'offboarding'
    /** The events at hand do not say. */
    | 'unknown'

  /**
   * One event of an operation: of a Windows log, a record of the tenant's audit log, or the time
   * that the directory keeps of a person's last password.
   */
  export interface Link {
    /** Who wrote it: a provider of Windows events, `Entra audit log`, or `pwdLastSet`. */
    provider: string
    /** The event id, of an event of a Windows log. */
    event: number | null
    /** What a record of the audit log is about. */
    activity: events.Activity | null
    /** When it was written, by the clock of the machine that wrote it. */
    time: Date | null
    /**
     * The same by the clock that all others are compared with, where the machine's own could be
     * compared.
     */
    corrected: Date | null
    /** The computer that wrote it. */
    host: string | null
    /** Its record number. */
    record: number | null
    /** How it is known to belong here. */
    join: Join
    /** How certain that is. */
    certainty: Certainty
    /** What is uncertain about it. */
    doubts: Doubt[]
    /** The tracking ids of other operations that it may belong to as well. */
    others: string[]
    /** The evidence it stands in. */
    from: evidence.Provenance
  }

  /** The operations of a stretch of time. */
  export interface Moment {
    /** All of them. */
    operations: number
    /** Those that were written. */
    written: number
    /** Those that were refused. */
    refused: number
    /** Those that failed. */
    failed: number
    /** Resets that were asked for, by people and administrators, whatever came of them. */
    resets: number
  }

  /** Something to be known of an operation. */
  export type Note =
    /**
     * The domain has the new password, and the cloud could not take it
     * (`OnPremisesSuccessCloudFailure`): the person waits some minutes.
     */
    | 'cloudFailedAfterwards'
    /** The cloud says that it failed, and the domain took it. */
    | 'cloudDisagrees'
    /** The domain says that it took the password, and the service says that it failed. */
    | 'serviceDisagrees'
    /** No event of the service ends it: how it ended is known from the domain or the cloud. */
    | 'endMissing'
    /** No event of the service begins it. */
    | 'startMissing'
    /** The protection agent of the domain controller refused the password. */
    | 'protectionAgent'
    /** The person's account was locked out before. */
    | 'lockedOutBefore'
    /** Events of several servers carry its tracking id. */
    | 'severalServers'

  /** One operation, followed from its first event to its last. */
  export interface Operation {
    /** What was asked for. */
    kind: Kind
    /** How it ended. */
    outcome: Outcome
    /** Whose password it is. */
    person: Person
    /** The administrator who asked for it, by user principal name. */
    admin: string | null
    /** The administrator is the person: probably a change in My Sign-Ins without the old password. */
    probablyOwn: boolean
    /** The id that the events share. */
    trackingId: string | null
    /** The server that carried it out, as its events name it. */
    host: string | null
    /** The time of the first event. */
    start: Date | null
    /** The time of the first event that ends it. */
    end: Date | null
    /** The account was unlocked with it. */
    unlock: boolean | null
    /** The password must be changed at the next logon. */
    forceChange: boolean | null
    /** The engine's result code. */
    code: string | null
    /** Why it failed or was refused. */
    cause: events.RootCause | null
    /**
     * Its events, by time: those of the writeback service, the engine's, the connector account's
     * on the person, and the record that closes it in the cloud. No event is among those of two
     * operations.
     */
    chain: Link[]
    /**
     * What goes with it, by time: steps of the flow, hash synchronisation, sign-ins, a lockout
     * before it; and events that another operation has, and that may be this one's.
     */
    context: Link[]
    /** The stages that it reached, by their order, and the time between them. */
    stages: Stage[]
    /** What else is to be known of it. */
    notes: Note[]
    /** The time of the end, else of the start. */
    time: Date | null
    /** Milliseconds from start to end. Windows' clock can step, so they may be negative. */
    milliseconds: number | null
    /** The event that ended it: of a success the success, else the first that tells most. */
    decisive: Link | null
  }

  /** How an operation ended. */
  export type Outcome =
    /** The domain took it. */
    | 'written'
    /** The domain refused it, for the password's or the account's sake. */
    | 'refused'
    /** It failed, and an administrator has to mend something. */
    | 'failed'
    /** It began, and no event ends it. */
    | 'unfinished'
    /** It was done in the cloud alone. */
    | 'cloudOnly'
    /** It ended, and the events at hand do not say how. */
    | 'unknown'

  /** When the directory says that a person's password was set (`pwdLastSet`). */
  export interface PasswordSet {
    /** The user principal name, if known. */
    user?: string | null
    /** The account name, if known. */
    account?: string | null
    /** The domain, if known. */
    domain?: string | null
    /** The time. */
    at: Date
  }

  /** Whose password it is. */
  export interface Person {
    /** The user principal name. */
    user: string | null
    /** The cloud object, `User_` and its id. */
    cloudAnchor: string | null
    /** The immutable id, in base 64. */
    sourceAnchor: string | null
    /** The account name in the domain, as a domain controller tells it. */
    account: string | null
  }

  /** What a list tells of one person. */
  export interface PersonFacts {
    /** The user principal name. */
    user?: string
    /** The account name in the domain (`sAMAccountName`). */
    account?: string | null
    /** The domain's short name. */
    domain?: string | null
    /** The id of the object in the cloud. */
    objectId?: string | null
    /** The immutable id, in base 64. */
    sourceAnchor?: string | null
  }

  /** What the writeback service of one machine says of itself. */
  export interface Service {
    /** The machine. */
    host: string | null
    /** How many heartbeats (31019). */
    heartbeats: number
    /**
     * Stretches without one, while neighbours were there: longer than three of its usual
     * intervals, and than 15 minutes. The longest hundred, by time.
     */
    gaps: Gap[]
    /**
     * The times when it ran: from a start (31015), or the first sign of it, to a stop (31016), or
     * the last sign. By time; the last hundred.
     */
    up: Gap[]
    /** Milliseconds that it ran. */
    upMilliseconds: number
    /** Milliseconds between its first and its last event. */
    seenMilliseconds: number
  }

  /** What is known before events are joined, and bounds. */
  export interface Settings {
    /** Who the people are, as far as lists tell; nobody without it. It makes joins more certain. */
    people?: PersonFacts[]
    /** The accounts that write passwords into the domain; inferred without it. */
    connectors?: ConnectorAccount[]
    /** How far two clocks may differ, in milliseconds; 5 minutes without it. */
    skew?: number | null
    /**
     * How long after a write the hash synchronisation and the sign-ins that follow it are looked
     * for, in milliseconds; 24 hours without it.
     */
    follow?: number | null
    /**
     * How many events are held at most; 2,000,000 without it, which take some 400 MB. Beyond it the
     * half that lies farthest from the present event is joined and leaves.
     */
    hold?: number | null
  }

  /** Who reset passwords in a stretch of time. */
  export interface Share {
    /** Written resets and changes by people themselves. */
    selfService: number
    /** Written resets by administrators for others. */
    administrators: number
  }

  /** How one clock differs from the one that all are compared with. */
  export interface Skew {
    /** The machine; null for the cloud. */
    host: string | null
    /** It is the clock that all others are compared with. */
    reference: boolean
    /**
     * How far it is ahead, in milliseconds; half of the time it was less. null where no pair of
     * events could be compared.
     */
    offset: number | null
    /** The least and the most over the whole time, in milliseconds. */
    range: [number, number] | null
    /** Half of the pairs lie within so many milliseconds of the offset at their time. */
    spread: number
    /** How many pairs of events were compared. */
    pairs: number
    /** When the clock was set, as far as the pairs tell. */
    steps: ClockStep[]
  }

  /** A stage that an operation reached. */
  export interface Stage {
    /** Which. */
    name: StageName
    /** When, by the clock that all others are compared with. */
    at: Date
    /**
     * Milliseconds since the stage before it. They may be negative where clocks differ by less
     * than can be told.
     */
    since: number | null
    /** Both times come from one clock, or from clocks that could be compared. */
    matched: boolean
  }

  /** The stages of an operation, in their order. */
  export type StageName =
    /** The last step of the person's flow in the cloud before the request went out. */
    | 'requested'
    /** The request reached the server. */
    | 'arrived'
    /** A domain controller set the password, unlocked the account, or refused to. */
    | 'written'
    /** The server answered the cloud. */
    | 'answered'
    /** The cloud closed the operation. */
    | 'closed'
    /** The new password's hash reached the cloud. */
    | 'synchronised'
    /** Somebody signed in with the account. */
    | 'signedIn'

  /**
   * Many operations in numbers. Operations of the service, which switch writeback on or off, are
   * counted apart.
   */
  export interface Statistics {
    /** How many operations on passwords. */
    operations: number
    /** How many operations of the service. */
    ofService: number
    /** Operations on passwords by how they ended. */
    outcomes: Record<string, number>
    /** And by what was asked for. */
    kinds: Record<string, number>
    /**
     * Written operations of 100 that were written, refused or failed, or that never ended; null
     * where there is none.
     */
    successRate: number | null
    /** Why operations failed or were refused: what hit most people first. */
    causes: CauseTally[]
    /** From the first event to the last on the server; null where no operation has both. */
    durations: Durations | null
    /**
     * From the person's last step in the cloud to the domain; null where no operation has both by
     * clocks that could be compared.
     */
    cloudToDomain: Durations | null
    /** Operations by hour, in UTC, of hours that have any. */
    hours: Record<string, Moment>
    /** And by day such as `2026-11-20`. */
    days: Record<string, Moment>
    /** Hours with many more resets or failures than usual. */
    bursts: Burst[]
    /** Resets by people themselves and by administrators, by month such as `2026-11`. */
    months: Record<string, Share>
    /** The time of the earliest operation. */
    first: Date | null
    /** The time of the latest. */
    last: Date | null
  }

  /** What the correlator tells beside operations. */
  export interface Summary {
    /** How the clocks differ, by machine. */
    skews: Skew[]
    /** The accounts that write passwords into the domain, and how that is known. */
    connectors: Connector[]
    /** Passwords that were set in the domain by others, by time. */
    outside: DomainSet[]
    /** What each writeback service says of itself, by machine. */
    services: Service[]
    /** Events that were delivered again. */
    repeated: number
    /** Events that came after the operations of their time had left: see `Settings.hold`. */
    late: number
  }

  /** An event for support. */
  export interface SupportEvent {
    /** The log it stands in. */
    log: string
    /** Where it stands there. */
    place: string
    /** The event, without its data. */
    event: events.Event
    /** Its text, without what may be a secret. */
    text: string
    /** It is one of the operation's own. */
    own: boolean
  }

  /**
   * An operation with the events around it, for a ticket: its own events, and those of the service
   * and of the engine within two minutes that name nobody. Events of other people are left out, and so is
   * what looks like a token or a password.
   */
  export class SupportBundle {
    private constructor()
    /** The operation. */
    readonly operation: Operation
    /** The version of the writeback service, as its events say. */
    readonly version: string | null
    /** The events, by time. */
    readonly events: SupportEvent[]
    /** How many events of those minutes were left out, because they are of others. */
    readonly leftOut: number
    /** All of it as plain text, ready to be pasted into a ticket. */
    text(): string
  }
}

export namespace schema {
  /** The text of a schema: `report` is the JSON Schema of a report. */
  export function schema(name: string): string
}

export namespace snapshot {
  /** What became of a file since it was read last. */
  export type Change =
    /** It was not there. */
    | 'new'
    /** It holds another log, was cleared, cut or written anew, and is read from its beginning. */
    | 'replaced'
    /** Its oldest records were overwritten before they were read: from one id to before another. */
    | { missed: [number, number] }

  /** A file and what became of it. */
  export interface Changed {
    /** Its path. */
    name: string
    /** What became of it. */
    change: Change
  }

  /** One piece of evidence. */
  export interface Evidence {
    /** Its number. */
    source: number
    /** The file's path as it was given, or a name for a stream. */
    name: string
    /** What it was recognised as, such as `users` or `applicationLog`. */
    kinds: string[]
    /** Whom or what it is about, where the manifest says so. */
    subject: evidence.Subject | null
    /** When it was observed, where content, manifest or an option says so. */
    observedAt: Date | null
    /** How many items it holds. */
    items: number
    /** Its size in bytes. */
    bytes: number
    /** Recognised, and read by no rule. */
    unused: boolean
    /** A remark for the reader. */
    note: string | null
    /** What could not be read of it. */
    lost: Lost | null
  }

  /** What one pass over all files went through. */
  export interface Followed {
    /** How many files are followed. */
    files: number
    /** Files that are new, or others than before. */
    changed: Changed[]
    /** Files that are no logs or could not be read, told once until they change. */
    skipped: Skipped[]
  }

  /** One log. */
  export interface LogRead {
    /** The file's path as it was given, or a name for a stream. */
    name: string
    /** How many events and audit records the filter wanted. */
    events: number
    /** The time of the earliest and of the latest record, wanted or not, where the log tells it. */
    first: Date | null
    /** See `first`. */
    last: Date | null
    /** How many records, or places where records may have been, could not be read. */
    lost: number
    /** The first fault, with its place: of those that cost records where any did, else a remark. */
    fault: evidence.Fault | null
    /**
     * How many chunks an `.evtx` has, and how many of them were not examined, because no wanted
     * provider's name stands in them.
     */
    chunks: number
    /** See `chunks`. */
    notExamined: number
  }

  /** What `read_logs` went through. */
  export interface LogsRead {
    /** The logs, in the order they were read: by name. */
    logs: LogRead[]
    /** Inputs that are no logs, or could not be read. */
    skipped: Skipped[]
  }

  /** What could not be read of a piece of evidence. */
  export interface Lost {
    /** How many items, lines, records or fields. */
    count: number
    /** How many bytes, if known. */
    bytes: number | null
    /** The first fault, with its place. */
    first: evidence.Fault
  }

  /** A person of the evidence. What the evidence does not tell is null. */
  export interface Person {
    /** The user principal name; empty where only the id is known. */
    upn: string
    /** The Entra object id; null when only the directory told of the person. */
    id: string | null
    /** The distinguished name of the container. */
    container: string | null
    /** The distinguished name. */
    dn: string | null
    /** The security identifier. */
    sid: string | null
    /** When the on-premises password was set. */
    passwordSet: Date | null
    /** The account is enabled. */
    enabled: boolean | null
    /** Synchronised from the on-premises directory. */
    synced: boolean | null
    /** A guest. */
    guest: boolean | null
    /** Holds an administrator role. */
    admin: boolean | null
    /** Registered enough methods. */
    ssprRegistered: boolean | null
    /** Allowed by the policy to reset. */
    ssprEnabled: boolean | null
    /** Registered and allowed. */
    ssprCapable: boolean | null
    /** Protected as an administrator now, in Active Directory. */
    protected: boolean | null
    /** The password must be changed at next logon. */
    mustChange: boolean | null
    /** The account may not change its password. */
    cannotChange: boolean | null
  }

  /** An input that gave nothing. */
  export interface Skipped {
    /** The file's path as it was given, or a name for a stream. */
    name: string
    /** Why. */
    reason: evidence.Fault
  }

  /** Everything that was read about one tenant. */
  export class Snapshot {
    private constructor()
    /** What was read, in a fixed order. A finding's `source` is an index into this list. */
    readonly evidence: Evidence[]
    /** What gave nothing. */
    readonly skipped: Skipped[]
    /** How many people are in evidence. */
    readonly size: number
    /** The person with this user principal name, in any case. */
    person(upn: string): Person | null
    /**
     * Whether a person is licensed for an operation (`reset` without one), and whether the tenant
     * makes it available; null where the person is not in evidence, or not known to be synchronised
     * or not.
     */
    entitlement(upn: string, operation?: licensing.Operation | null): licensing.Entitlement | null
    /** Reads evidence. What cannot be read is in `skipped`, or in the `lost` of its evidence. */
    static read(evidence: Input | readonly Input[], options?: ReadOptions): Promise<Snapshot>
    /** The people in evidence, one after another. */
    people(): Generator<Person, void, undefined>
  }
}

export namespace tenant {
  /** A Microsoft cloud. */
  export type Cloud =
    /** The public cloud, GCC included. */
    | 'public'
    /** US Government: GCC High and DoD. */
    | 'usGovernment'
    /** Operated by 21Vianet. */
    | 'china'

  /** What Graph's `organization` says. */
  export interface Organization {
    /** The tenant's id. */
    id: evidence.Reading<string>
    /**
     * Whether identities come from on-premises. `onPremisesSyncEnabled` is `null` where they never
     * did, and absent where nobody asked.
     */
    sync: evidence.Reading<SyncState>
    /** The last directory synchronisation. */
    lastSync: evidence.Reading<Date>
    /** The name the tenant was made with, such as `contoso.onmicrosoft.com`. */
    initialDomain: evidence.Reading<string>
  }

  /** Whether identities come from an on-premises directory. */
  export type SyncState =
    /** Synchronised now. */
    | 'on'
    /** Was synchronised once. */
    | 'off'
    /** Never synchronised. */
    | 'never'

  /** What Graph's `directory/onPremisesSynchronization` says. */
  export interface Synchronization {
    /** The tenant's id. */
    id: evidence.Reading<string>
    /** Password hash synchronisation. */
    hashSync: evidence.Reading<boolean>
    /** `passwordWritebackEnabled`: documented as not in use, and evidence of nothing. */
    reportedWriteback: evidence.Reading<boolean>
    /** Whether the cloud's password policy applies to synced users. */
    cloudPolicy: evidence.Reading<boolean>
    /** Force password change at next logon. */
    forceChange: evidence.Reading<boolean>
    /** The version of the synchronisation client (beta only), such as `2.5.79.0`. */
    clientVersion: evidence.Reading<string>
  }

  /** A domain of the tenant. */
  export interface TenantDomain {
    /** Its DNS name. */
    name: string
    /** Federated instead of managed. */
    federated: boolean
    /** The `*.onmicrosoft.com` name the tenant was made with. */
    initial: boolean
    /** Verified. */
    verified: boolean
    /** Days a cloud password is valid; null where the answer was null, 2147483647 for ever. */
    passwordValidityDays: number | null
  }

  /** Reads Graph's `organization`, one object or a page; null when there is none in it. */
  export function parseOrganization(json: Json): Organization | null

  /** Reads Graph's `directory/onPremisesSynchronization`; null when there is nothing in it. */
  export function parseSynchronization(json: Json): Synchronization | null

  /** Reads Graph's `domains`. Sub-domains take over what they inherit from their root domain. */
  export function parseDomains(json: Json): TenantDomain[]

  /** The cloud that an initial domain, such as `contoso.onmicrosoft.com`, belongs to. */
  export function cloudOfInitialDomain(domain: string): Cloud | null

  /** The container of a distinguished name: all behind its first comma that is not escaped. */
  export function containerOf(dn: string): string
}

export namespace watch {
  /**
   * One thing that a watch tells, in a sentence and in fields.
   *
   * Fields that a notice of its kind does not have are left out of its JSON.
   */
  export interface Notice {
    /** The same for the same thing, however often it is told: by it a receiver knows a repetition. */
    id: string
    /** What it is about. */
    kind: NoticeKind
    /** How much it matters. */
    weight: Weight
    /** When it happened, by the clock of the log; of a silence, when it began. */
    at: Date
    /** What happened. */
    message: string
    /** What to do about it. */
    next?: string | null
    /** The computer that wrote the log. */
    computer?: string | null
    /** The log, such as `Application`, or the path of the file. */
    log?: string | null
    /** The person, by user principal name. */
    user?: string | null
    /** The kind of the operation, such as `reset`. */
    operation?: string | null
    /** The id that the events of the operation share: what support asks for. */
    trackingId?: string | null
    /** The event that says so. */
    event?: number | null
    /** The engine's result code. */
    code?: string | null
    /** The key of the root cause, such as `accessDenied`. */
    cause?: string | null
    /**
     * How many: operations in the hour of a burst, records that were lost, seconds of a silence
     * that ended.
     */
    count?: number | null
    /** How many are usual in such an hour. */
    usual?: number | null
  }

  /** What a notice is about. */
  export type NoticeKind =
    /** An operation failed, and an administrator has to mend something. */
    | 'failure'
    /** The domain refused a password or an account. */
    | 'refusal'
    /** An operation began a quarter of an hour ago by its log, and nothing ended it. */
    | 'unfinished'
    /** The writeback service is in trouble, or was switched off. */
    | 'service'
    /** The writeback service works again, or was switched on. */
    | 'recovered'
    /** Many more operations, or failures, than are usual at this time of the day. */
    | 'burst'
    /** A log got no record, or the service gave no sign of life, for longer than expected. */
    | 'silence'
    /** A silence ended. */
    | 'silenceOver'
    /** Something of a log could not be read, or was overwritten before it was read. */
    | 'lost'

  /** How much a notice matters. */
  export type Weight =
    /** Good to know. */
    | 'information'
    /** To be looked at. */
    | 'warning'
    /** To be mended. */
    | 'error'

  /** A notice for a terminal of a width (80 without one): what happened, and what to do about it. */
  export function text(notice: Notice | string, style?: TextStyle | null): string

  /**
   * What a watch knows: how far each file was read, what was told, and what is usual. It never
   * changes: each look makes another one. It holds names of people, but no password and no text of an
   * event older than half an hour.
   */
  export class WatchState {
    /** Of a watch that begins: events from `since` on are told of. */
    constructor(since: Date)
    /** A state from its JSON. */
    static fromJson(json: string): WatchState
    /** The state as JSON. */
    toJson(): string
    /** Reads a state that `save` wrote; null where there is no file. */
    static load(path: string): Promise<WatchState | null>
    /** Writes the state: whatever happens, the file holds this state or the one before. */
    save(path: string): Promise<void>
    /** Events from this time on are told of. */
    readonly since: Date
    /** Notices that were not yet confirmed to be told. */
    readonly untold: Notice[]
  }
}

export namespace writeback {
  /** The state of a certificate. */
  export type CertificateState =
    /** Nothing to do. */
    | 'valid'
    /** To be rotated. */
    | 'due'
    /** At its end. */
    | 'expired'

  /** How Entra Connect signs in to Entra ID. */
  export interface ConnectIdentity {
    /** An application with a certificate (`true`) or the `Sync_…` account (`false`). */
    application: boolean
    /** Managed by Entra Connect, or brought by the administrator. */
    managed?: boolean | null
    /** When the certificate ends. */
    certificateExpires?: Date | null
  }

  /** A connector of Entra Connect to a forest. */
  export interface Connector {
    /** Its name, usually the forest's. */
    name: string
    /** Its id in upper case with braces, by which rules name it. */
    id?: string | null
    /** The forest. */
    forest?: string | null
    /** The account it uses, such as `CONTOSO\MSOL_0123456789ab`. */
    account?: string | null
    /** Whether LDAP traffic is signed and encrypted: the forest connection. */
    signAndSeal?: boolean | null
    /** Whether LDAP runs over TLS. */
    ssl?: boolean | null
    /** When it was made. */
    created?: Date | null
    /** Its domains. */
    partitions: Partition[]
  }

  /** One test of a network endpoint. */
  export interface EndpointTest {
    /** The host that was to be reached. */
    host: string
    /** The port. */
    port: number
    /** Whether a TCP connection succeeded. */
    reached: boolean
    /** The machine that tested, if known. */
    from?: string | null
    /** Whether a proxy stood in between, if known. */
    proxy?: boolean | null
    /** When, if known. */
    at?: Date | null
  }

  /** How well something fits what Microsoft asks for. */
  export type Fit =
    /** As Microsoft asks. */
    | 'supported'
    /** It works, and Microsoft asks for more or says "not yet". */
    | 'caveat'
    /** Not supported. */
    | 'unsupported'

  /** A version below which Entra Connect stops synchronising on a day. */
  export interface Floor {
    /** The least version that goes on. */
    version: string
    /** The day on which everything below it stops. */
    from: string
    /** That day also stops every server that does not sign in to Entra ID as an application. */
    applicationSignIn: boolean
  }

  /** A fault that Microsoft describes for some versions. */
  export interface KnownFault {
    /** The first version that has it; absent when all older ones do. */
    first: string | null
    /** The first version without it. */
    fixedIn: string
    /** What happens, as a sentence. */
    what: string
  }

  /** A domain of a connector. */
  export interface Partition {
    /** The domain's distinguished name. */
    dn: string
    /** Whether it is synchronised. */
    selected?: boolean | null
    /** Containers that are synchronised, by distinguished name; none where that is not known. */
    included?: string[]
    /** Containers inside those that are not. */
    excluded?: string[]
    /** Whether LDAP traffic is signed and encrypted here. */
    signAndSeal?: boolean | null
    /** The domain controller that was used last. */
    lastDc?: string | null
    /** Domain controllers to prefer. */
    preferredDcs: string[]
  }

  /** A release of Entra Connect. */
  export interface Release {
    /** Its version. */
    version: string
    /** The first day without support; absent while no date is set. */
    supportedUntil: string | null
    /** Microsoft took it back: it is to be uninstalled. */
    recalled: boolean
  }

  /** What somebody says of an Entra Connect server, checked or not. Absent fields are unknown. */
  export interface ServerDraft {
    /** Its host name, with or without its domain. */
    host?: string
    /** The version of Entra Connect. */
    version?: string | null
    /** The wizard's Password writeback box. */
    writeback?: boolean | null
    /** Staging mode. */
    staging?: boolean | null
    /** The ADSync service. */
    service?: SyncService | null
    /** How it signs in to Entra ID. */
    identity?: ConnectIdentity | null
    /** Connectors to forests. */
    connectors?: Connector[]
    /** Tests of network endpoints. */
    endpoints?: EndpointTest[]
  }

  /** The state of a Windows service. */
  export type ServiceState =
    | 'stopped'
    | 'startPending'
    | 'stopPending'
    | 'running'
    | 'continuePending'
    | 'pausePending'
    | 'paused'

  /** What is to be said of a version on a day. */
  export interface Standing {
    /** The minimum version that is in force and that the version does not meet. */
    stoppedBy: Floor | null
    /** The next announced minimum version that the version does not meet. */
    willBeStoppedBy: Floor | null
    /**
     * Floors, in force or announced, that the version meets and that ask for an application's
     * sign-in besides.
     */
    applicationFloors: Floor[]
    /** Microsoft took the version back. */
    recalled: boolean
    /** Its support. */
    support: Support
    /** Its known faults. */
    faults: KnownFault[]
    /** The table lists this very version. */
    listed: boolean
    /** It is newer than anything the table knows. */
    newerThanTable: boolean
  }

  /** How a Windows service starts. */
  export type StartMode =
    | 'automatic'
    | 'manual'
    | 'disabled'

  /** Whether Microsoft supports a version on a day. */
  export type Support =
    /** Not since this day, or an earlier one for versions that the table does not list. */
    | { state: 'ended'; date: string }
    /** Until this day. */
    | { state: 'until'; date: string }
    /** No end is known. */
    | { state: 'noEnd' }

  /** One Windows service. */
  export interface SyncService {
    /** Its short name, such as `ADSync`. */
    name: string
    /** Its state. */
    state?: ServiceState | null
    /** How it starts. */
    start?: StartMode | null
  }

  /** A Windows release, as far as it matters here. */
  export type Windows =
    /** A release for clients. */
    | 'client'
    /** Windows Server 2012 R2 or older. */
    | 'serverOlder'
    /** Windows Server 2016. */
    | 'server2016'
    /** Windows Server 2019. */
    | 'server2019'
    /** Windows Server 2022. */
    | 'server2022'
    /** Windows Server 2025. */
    | 'server2025'
    /** An edition below Standard, such as Essentials. */
    | 'serverEssentials'

  /** An application role of the password reset service that writeback needs. */
  export interface WritebackRole {
    /** Its id (`appRoleId`). */
    id: string
    /** Its name, such as `PasswordWriteback.RefreshClient.All`. */
    name: string
  }

  /** What is to be said of a version of Entra Connect, such as `2.5.79.0`, at a time. */
  export function standing(version: string, asOf: Date): Standing

  /** The releases of Entra Connect that are known, in ascending order. */
  export function releases(): Release[]

  /**
   * How well the Windows release that a caption names fits, for a version of Entra Connect where one
   * is given; null where the release is not known, or that is not.
   */
  export function windowsFit(caption: string, version?: string | null): Fit | null

  /** The hosts that Entra Connect has to reach on TCP port 443 for writeback. */
  export function endpoints(cloud: tenant.Cloud): string[]

  /** The hosts that a cloud sync agent has to reach. */
  export function cloudSyncEndpoints(cloud: tenant.Cloud): string[]

  /** The clouds whose endpoints a host falls under. */
  export function cloudsOfHost(host: string): tenant.Cloud[]

  /** The application id of the password reset service of a cloud, where it is known. */
  export function resetService(cloud: tenant.Cloud): string | null

  /** The state of a certificate at a time. */
  export function certificateState(expires: Date, asOf: Date): CertificateState

  /** The Windows release that a caption names, in any language. */
  export function windowsOfCaption(caption: string): Windows | null

  /** How well a release number of .NET Framework fits. */
  export function dotnetFit(release: number): Fit

  /** A server whose description holds nothing impossible. */
  export class Server {
    /** Its host name, with or without its domain. */
    readonly host: string
    /** The version of Entra Connect. */
    readonly version: string | null
    /** The wizard's Password writeback box. */
    readonly writeback: boolean | null
    /** Staging mode. */
    readonly staging: boolean | null
    /** The ADSync service. */
    readonly service: SyncService | null
    /** How it signs in to Entra ID. */
    readonly identity: ConnectIdentity | null
    /** Connectors to forests. */
    readonly connectors: Connector[]
    /** Tests of network endpoints. */
    readonly endpoints: EndpointTest[]
    /** Checks a draft. Throws an `SsprError` whose `faults` list everything that is impossible in it. */
    constructor(draft: ServerDraft | string)
    /** The description, for `JSON.stringify`. */
    toJSON(): ServerDraft
  }
}
