'use strict'

// Loads the addon and gives it the manners of JavaScript: one error class, `AbortSignal`, callbacks
// that may throw, streams as input, iterators. Nothing is decided here.

const MARK = 'sspr:'

/** Finds the addon beside this file: a plain `sspr.node`, or the one of this platform. */
function load() {
  const { platform, arch } = process
  const names = { linux: ['-gnu', '-musl'], win32: ['-msvc'] }[platform] ?? ['']
  const files = ['./sspr.node', ...names.map((name) => `./sspr.${platform}-${arch}${name}.node`)]
  const failures = []
  for (const file of files) {
    try {
      return require(file)
    } catch (error) {
      failures.push(error)
    }
  }
  const found = failures.filter((error) => error.code !== 'MODULE_NOT_FOUND')
  throw new Error(
    `sspr has no addon that loads on ${platform} ${arch}: ${(found[0] ?? failures[0]).message.split('\n')[0]}`,
    { cause: found[0] ?? failures[0] },
  )
}

class SsprError extends Error {
  constructor(message, { code = 'value', place = null, help = null, faults, cause } = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.place = place
    this.help = help
    if (faults) this.faults = faults
  }
}
Object.defineProperty(SsprError.prototype, 'name', { value: 'SsprError', configurable: true, writable: true })

/** What the addon threw, as what JavaScript expects. */
function translated(error) {
  if (!(error instanceof Error)) return error
  if (error.message.startsWith(MARK)) {
    const { message, ...rest } = JSON.parse(error.message.slice(MARK.length))
    return new SsprError(message, rest)
  }
  const wrongType = /^(InvalidArg|\w+Expected)$/.test(error.code ?? '')
  return wrongType && error.constructor === Error ? new TypeError(error.message) : error
}

/** Half of a pair of UTF-16 would become another character in UTF-8, and an invalid date 1970. */
function wellFormed(value, depth = 0) {
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new TypeError('a string holds a lone surrogate')
  } else if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw new TypeError('a date is invalid')
  } else if (depth < 4 && value !== null && typeof value === 'object') {
    const proto = Object.getPrototypeOf(value)
    if (Array.isArray(value)) value.forEach((item) => wellFormed(item, depth + 1))
    else if (proto === Object.prototype || proto === null) wellFormed(Object.values(value), depth)
  }
}

/** A function of the addon, with arguments checked and errors translated. */
function guarded(call) {
  return function (...args) {
    wellFormed(args)
    try {
      const result = call.apply(this, args)
      return result instanceof Promise ? result.catch((error) => Promise.reject(translated(error))) : result
    } catch (error) {
      throw translated(error)
    }
  }
}

function named(wrapper, name) {
  Object.defineProperty(wrapper, 'name', { value: name })
  return wrapper
}

/** A class of the addon, made anew: what stands on it and on its instances is guarded, and its fields,
 * which never change, are made once. */
function guardedClass(Class, name) {
  const outer = {
    [name]: function (...args) {
      if (!new.target) throw new TypeError(`${name} is a class: use new`)
      return guarded((...given) => new Class(...given)).apply(null, args)
    },
  }[name]
  outer.prototype = Class.prototype
  Object.defineProperty(Class.prototype, 'constructor', { value: outer, configurable: true, writable: true })
  for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(Class))) {
    if (typeof value === 'function') outer[key] = named(guarded(value), key)
  }
  for (const [key, found] of Object.entries(Object.getOwnPropertyDescriptors(Class.prototype))) {
    if (key === 'constructor') continue
    if (typeof found.value === 'function') {
      Object.defineProperty(Class.prototype, key, { ...found, enumerable: false, value: named(guarded(found.value), key) })
    } else if (found.get) {
      const get = guarded(found.get)
      Object.defineProperty(Class.prototype, key, {
        ...found,
        get() {
          const value = get.call(this)
          Object.defineProperty(this, key, { value, enumerable: true })
          return value
        },
      })
    }
  }
  return outer
}

const isClass = (value) => Object.getOwnPropertyNames(value.prototype ?? {}).length > 1

function guardedSpace(space) {
  const out = {}
  for (const [key, value] of Object.entries(space)) {
    if (key === 'loader') continue
    if (typeof value !== 'function') out[key] = guardedSpace(value)
    else out[key] = isClass(value) ? guardedClass(value, key) : named(guarded(value), key)
  }
  return out
}

const addon = load()
const { loader } = addon
const sspr = guardedSpace(addon)

const isStream = (value) => typeof value?.[Symbol.asyncIterator] === 'function' || typeof value?.getReader === 'function'

/** The chunks of a stream; a web stream is one too where it cannot be iterated. */
async function* chunksOf(stream) {
  if (typeof stream[Symbol.asyncIterator] === 'function') {
    yield* stream
    return
  }
  const reader = stream.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel()
  }
}

/** Runs long work: makes one input of each piece of evidence, pumps the streams, and stops when the
 * signal says so, a callback throws or a stream breaks. */
class Work {
  #stop = loader.Stop.make()
  #feeds = []
  #pumps = []
  #ending = null

  constructor({ signal, progress } = {}) {
    if (signal !== undefined && !(signal instanceof AbortSignal)) throw new TypeError('signal must be an AbortSignal')
    if (progress !== undefined && typeof progress !== 'function') throw new TypeError('progress must be a function')
    signal?.throwIfAborted()
    this.signal = signal
    this.abort = () => this.end(signal.reason)
    this.stop = this.#stop
    this.hear =
      progress &&
      ((stage, name, bytes, total) => {
        if (this.#ending) return
        try {
          progress({ stage, name, bytes, total })
        } catch (error) {
          this.end(error)
        }
      })
  }

  /** Stops it; the first reason is what the caller sees. */
  end(error) {
    this.#ending ??= { error }
    this.#stop.now()
    for (const feed of this.#feeds) feed.close()
  }

  input(given) {
    if (typeof given === 'string') return { name: given }
    if (given instanceof URL) return { name: require('node:url').fileURLToPath(given) }
    if (given === null || typeof given !== 'object') {
      throw new TypeError('evidence is a path, a URL, or { name, data }')
    }
    if (isStream(given) || ArrayBuffer.isView(given)) return this.input({ name: 'evidence', data: given })
    const { name = 'evidence', data } = given
    if (typeof name !== 'string') throw new TypeError('the name of evidence must be a string')
    if (typeof data === 'string' || data instanceof Uint8Array) return { name, bytes: data }
    if (data instanceof ArrayBuffer) return { name, bytes: new Uint8Array(data) }
    if (!isStream(data)) throw new TypeError(`the data of ${name} must be text, bytes or a stream`)
    const feed = loader.Feed.make()
    this.#feeds.push(feed)
    this.#pumps.push([data, feed, name])
    return { name, feed }
  }

  inputs(evidence) {
    const list = Array.isArray(evidence) ? evidence : [evidence]
    wellFormed(list)
    return list.map((given) => this.input(given))
  }

  async #pump(stream, feed, name) {
    try {
      for await (const chunk of chunksOf(stream)) {
        if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) {
          throw new TypeError(`the stream ${name} must give text or bytes`)
        }
        if (!feed.push(chunk) && !(await feed.room())) break
      }
      feed.end()
    } catch (cause) {
      const message = `the stream ${name} failed: ${cause?.message ?? cause}`
      this.end(cause instanceof TypeError ? cause : new SsprError(message, { code: 'io', place: name, cause }))
      feed.fail(message)
    }
  }

  /** Starts the pumps, once the work has begun, and listens to the signal. */
  flow() {
    if (this.signal?.aborted) this.abort()
    this.signal?.addEventListener('abort', this.abort, { once: true })
    for (const pump of this.#pumps) this.#pump(...pump)
  }

  /** What the work gave, unless it was ended. */
  async of(promise) {
    try {
      const result = await promise
      if (this.#ending) throw this.#ending.error
      return result
    } catch (error) {
      throw this.#ending ? this.#ending.error : translated(error)
    }
  }

  /** Lets go of everything. */
  done() {
    this.signal?.removeEventListener('abort', this.abort)
    for (const feed of this.#feeds) feed.close()
  }

  async run(begin) {
    try {
      const promise = begin(this)
      this.flow()
      return await this.of(promise)
    } catch (error) {
      throw translated(error)
    } finally {
      this.done()
    }
  }
}

const own = (options) => {
  if (options === null || typeof options !== 'object') throw new TypeError('options must be an object')
  wellFormed(options)
  return options
}
const reading = ({ observedAt, limits }) => ({ observedAt, limits })

/** When nobody says for which time, it is for now, to the second. */
function judging({ asOf, config }) {
  const now = asOf === undefined ? new Date(Math.floor(Date.now() / 1000) * 1000) : asOf
  if (typeof config === 'string') config = sspr.readiness.Configuration.parse(config)
  return { asOf: now, config }
}

const { Snapshot } = sspr.snapshot
const { Report } = sspr.readiness

Snapshot.read = async function read(evidence, options = {}) {
  return new Work(own(options)).run((work) =>
    loader.readSnapshot(work.inputs(evidence), reading(options), work.stop, work.hear),
  )
}

Snapshot.prototype.people = function* people() {
  const STEP = 4096
  for (let start = 0; start < this.size; start += STEP) yield* this.peopleFrom(start, STEP)
}

Report.prototype.toJSON = function toJSON() {
  return JSON.parse(this.json())
}

sspr.readiness.assess = async function assess(snapshot, options = {}) {
  return new Work(own(options)).run(() => loader.assessSnapshot(snapshot, judging(options)))
}

sspr.assess = async function assess(evidence, options = {}) {
  return new Work(own(options)).run((work) =>
    loader.assessEvidence(work.inputs(evidence), reading(options), judging(options), work.stop, work.hear),
  )
}

const predict = guarded(loader.predictPassword)
sspr.forecast = {
  predict(snapshot, upn, candidate, options = {}) {
    const { banned = [] } = own(options)
    return predict(snapshot, upn, candidate, banned, judging(options).asOf)
  },
}

sspr.ldap.collect = async function collect(settings, password, options = {}) {
  return new Work(own(options)).run((work) =>
    loader.collectDirectory(settings, password, work.stop, work.hear),
  )
}

/** The one way to sign in that was given. */
function signedIn(given) {
  if (given === null || typeof given !== 'object') throw new TypeError('signIn must be an object such as { clientSecret }')
  const ways = Object.keys(given).filter((way) => given[way] !== undefined)
  if (ways.length !== 1) throw new TypeError('signIn must name one way to sign in')
  const [way] = ways
  const value = given[way]
  const failure = {}
  const fail = (error) => {
    failure.error ??= { error }
  }
  switch (way) {
    case 'token':
    case 'clientSecret':
    case 'clientCertificate':
    case 'federatedTokenFile':
      if (typeof value !== 'string') throw new TypeError(`${way} must be a string`)
      wellFormed(value)
      return { signIn: guarded((text) => loader.SignIn[way](text))(value), failure }
    case 'managedIdentity':
      if (value !== true) throw new TypeError('managedIdentity must be true')
      return { signIn: loader.SignIn.managedIdentity(), failure }
    case 'deviceCode': {
      if (typeof value !== 'function') throw new TypeError('deviceCode must be a function')
      const show = (url, code, message, expires) => {
        try {
          value({ url, code, message, expires })
        } catch (error) {
          fail(error)
        }
      }
      return { signIn: loader.SignIn.deviceCode(show), failure }
    }
    case 'provider': {
      if (typeof value !== 'function') throw new TypeError('provider must be a function')
      const tokens = loader.Tokens.make()
      const ask = async (claims) => {
        try {
          const token = await value(claims ?? null)
          const { token: text, expires } = typeof token === 'string' ? { token } : (token ?? {})
          if (typeof text !== 'string') throw new TypeError('a provider gives a token, or { token, expires }')
          wellFormed([text, expires])
          tokens.give(text, expires)
        } catch (error) {
          fail(error)
          tokens.refuse()
        }
      }
      return { signIn: loader.SignIn.provider(ask, tokens), failure }
    }
    default:
      throw new TypeError(`there is no way to sign in called ${way}`)
  }
}

/** What some work gave, or what a function of the caller's threw meanwhile. */
async function unlessFailed(failure, work) {
  try {
    return await work
  } catch (error) {
    throw failure.error ? failure.error.error : error
  } finally {
    failure.error = undefined
  }
}

sspr.graph.collect = async function collect(settings, signIn, options = {}) {
  const ways = signedIn(signIn)
  return unlessFailed(
    ways.failure,
    new Work(own(options)).run((work) => loader.collectTenant(settings, ways.signIn, work.stop, work.hear)),
  )
}

sspr.graph.Client = class Client {
  #client
  #failure

  constructor(settings, signIn) {
    const ways = signedIn(signIn)
    this.#failure = ways.failure
    this.#client = guarded((...all) => loader.GraphClient.make(...all))({ folder: '', ...own(settings) }, ways.signIn)
  }

  #ask(options, begin) {
    return unlessFailed(this.#failure, new Work(own(options)).run((work) => begin(this.#client, work.stop)))
  }

  async get(path, options = {}) {
    return JSON.parse(await this.#ask(options, (client, stop) => client.get(path, stop)))
  }

  async pages(path, options = {}) {
    const pages = await this.#ask(options, (client, stop) => client.pages(path, stop))
    return pages.map((page) => JSON.parse(page))
  }

  async batch(paths, options = {}) {
    const answers = await this.#ask(options, (client, stop) => client.batch(paths, stop))
    return answers.map((answer) =>
      typeof answer === 'string' ? JSON.parse(answer) : new SsprError(answer.message, answer),
    )
  }
}

const wanted = ({ providers = ['PasswordResetService'], ids, since, until }) => ({ providers, ids, since, until })

/** A log as arrays of about a thousand rows. Nothing is read before the first array is asked for, and
 * nothing is read ahead of the caller but a few arrays. */
class LogStream {
  #work
  #begin
  #stream = null

  constructor(source, options, asOperations) {
    this.#work = new Work(own(options))
    const input = this.#work.input(source)
    this.#begin = ({ stop, hear }) => loader.readLog(input, wanted(options), asOperations, stop, hear)
  }

  /** How many things could not be read so far. */
  get lost() {
    return this.#stream ? this.#stream.lost() : 0
  }

  /** The first of them. */
  get faults() {
    return this.#stream ? this.#stream.faults() : []
  }

  async *[Symbol.asyncIterator]() {
    if (this.#stream) throw new TypeError('a log is read once')
    const work = this.#work
    try {
      this.#stream = guarded(this.#begin)(work)
      work.flow()
      for (;;) {
        const rows = await work.of(this.#stream.next())
        if (rows === null) return
        yield rows
      }
    } finally {
      this.#stream?.close()
      work.done()
    }
  }
}

/** A log as an Arrow IPC stream. */
const arrow = (asOperations) =>
  async function readArrow(source, options = {}) {
    return new Work(own(options)).run((work) =>
      loader.readArrow(work.input(source), wanted(options), asOperations, work.stop, work.hear),
    )
  }

Object.assign(sspr.events, {
  LogStream,
  read: (source, options = {}) => new LogStream(source, options, false),
  readArrow: arrow(false),
})

const operationsOf = guarded(loader.operationsOf)
sspr.roundtrip = {
  operations: (source, options = {}) =>
    Array.isArray(source) ? operationsOf(source) : new LogStream(source, options, true),
  readArrow: arrow(true),
}

sspr.writeback.WRITEBACK_ROLES = sspr.writeback.writebackRoles()
delete sspr.writeback.writebackRoles

// A module and its one function share a name at the top.
for (const name of ['explain', 'schema']) {
  const module_ = sspr[name]
  sspr[name] = Object.assign((text) => module_[name](text), module_)
}

module.exports = Object.assign(sspr, { SsprError, Snapshot, Report, version: sspr.version() })
