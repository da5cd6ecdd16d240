'use strict'

// Logs: their rows, the operations that they tell of, and watching them while they grow.

const { loader, sspr, SsprError, guarded, wellFormed } = require('./addon.js')
const { Work, own, reading } = require('./work.js')

const wanted = ({ providers, ids, since, until, timeZone, jobs, verify }) => ({
  providers,
  ids,
  since,
  until,
  timeZone,
  jobs,
  verify,
})
const known = ({ people, connectors, skew, follow, hold }) => ({ people, connectors, skew, follow, hold })

/** A log as arrays of about a thousand rows. Nothing is read before the first array is asked for, and
 * nothing is read ahead of the caller but a few arrays. */
class LogStream {
  #work
  #begin
  #stream = null

  constructor(source, options, kind) {
    this.#work = new Work(own(options))
    const input = this.#work.input(source)
    this.#begin = ({ stop, hear }) => loader.readLog(input, wanted(options), kind, known(options), stop, hear)
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

const rows = (kind) => (source, options = {}) => new LogStream(source, options, kind)

/** A log as an Arrow IPC stream. */
const arrow = (kind) =>
  async function readArrow(source, options = {}) {
    return new Work(own(options)).run((work) =>
      loader.readArrow(work.input(source), wanted(options), kind, known(options), work.stop, work.hear),
    )
  }

Object.assign(sspr.events, {
  LogStream,
  read: rows('events'),
  readArrow: arrow('events'),
  readAudit: rows('audit'),
  readAuditArrow: arrow('audit'),
})

/** Where each operation came from, so that it can be found again as the addon knows it. */
const origins = new WeakMap()
/** And what was found as a whole. */
const reads = new WeakMap()
const SLICE = 200

/** The operations that the addon found, made in slices so that the event loop goes on meanwhile. */
async function operationsIn(found, work) {
  const operations = []
  for (;;) {
    const slice = found.rows(operations.length, SLICE)
    for (const operation of slice) {
      origins.set(operation, { found, number: operations.length })
      operations.push(operation)
    }
    if (slice.length < SLICE) return operations
    await work.pause()
  }
}

/** How statistics and summaries are written, which the addon knows. */
const texts = new WeakMap()

/** All that was found, as an object. */
async function given(found, work) {
  const read = { operations: await operationsIn(found, work), ...found.rest() }
  texts.set(read.statistics, guarded((style) => found.statisticsText(style)))
  texts.set(read.summary, guarded((style) => found.summaryText(style)))
  reads.set(read, found)
  return read
}

/** What the addon knows of something that it gave; a copy of that is another thing. */
function originOf(known, thing, what) {
  const origin = known.get(thing)
  if (!origin) throw new TypeError(`${what} must be one that readOperations or a Correlator gave, and no copy of it`)
  return origin
}

const filesOf = (paths) =>
  (Array.isArray(paths) ? paths : [paths]).map((path) => (path instanceof URL ? require('node:url').fileURLToPath(path) : path))

const operationsOf = guarded(loader.operationsOf)
const joining = guarded((settings) => loader.Joining.make(settings))
const numbersOf = guarded((founds, numbers) => loader.Numbers.of(founds, numbers))
const operationText = guarded((found, number, style) => found.operationText(number, style))
const storyOf = guarded((found, user, trackingId, style) => found.story(user, trackingId, style))

sspr.roundtrip = {
  ...sspr.roundtrip,
  operations: (source, options = {}) =>
    Array.isArray(source) ? operationsOf(source, known(own(options))) : new LogStream(source, options, 'operations'),
  readArrow: arrow('operations'),

  statistics(operations) {
    const places = [...operations].map((operation) => originOf(origins, operation, 'each of the operations'))
    const founds = places.map(({ found }) => found)
    const numbers = numbersOf(founds, places.map(({ number }) => number))
    const counted = numbers.plain()
    texts.set(counted, guarded((style) => numbers.text(style)))
    return counted
  },

  text(thing, style) {
    const text = texts.get(thing)
    if (text) return text(style)
    const { found, number } = originOf(origins, thing, 'what is written')
    return operationText(found, number, style)
  },

  /** Joins what callers bring. The work is done on a thread of its own. */
  Correlator: class Correlator {
    #joining

    constructor(settings = {}) {
      this.#joining = joining(own(settings))
    }

    #push = guarded((push, ...given) => this.#joining[push](...given))

    pushEvent(event, source = 0) {
      this.#push('pushEvent', event, source)
    }

    pushAudit(record, source = 0) {
      this.#push('pushAudit', record, source)
    }

    pushPasswordSet(set, source = 0) {
      this.#push('pushPasswordSet', set, source)
    }

    pushSpan(host, first, last) {
      this.#push('pushSpan', host, first, last)
    }

    async ready() {
      return new Work().run(async (work) => operationsIn(await this.#joining.ready(), work))
    }

    async finish() {
      return new Work().run(async (work) => {
        return given(await this.#joining.finish(), work)
      })
    }
  },
}

Object.assign(sspr.snapshot, {
  async readOperations(evidence, options = {}) {
    return new Work(own(options)).run(async (work) => {
      const { providers, since, until } = options
      const inputs = work.inputs(evidence)
      const found = await loader.readOperations(inputs, reading(options), { providers, since, until }, work.stop, work.hear)
      return given(found, work)
    })
  },

  story(read, options = {}) {
    const { user, trackingId, ...style } = own(options)
    return storyOf(originOf(reads, read, 'what was read'), user, trackingId, style)
  },

  async readSupport(evidence, operation, options = {}) {
    const origin = originOf(origins, operation, 'operation')
    return new Work(own(options)).run((work) =>
      loader.readSupport(work.inputs(evidence), reading(options), origin.found, origin.number, work.stop, work.hear),
    )
  },
})

/** The watch of the addon. */
let watcherOf

sspr.watch.Watch = class Watch {
  #watcher

  static {
    watcherOf = (watch) => {
      if (watch === null || typeof watch !== 'object' || !(#watcher in watch)) throw new TypeError('watch must be a Watch')
      return watch.#watcher
    }
  }

  constructor(paths, options = {}) {
    const { refusals, burst, silence, state, since = new Date() } = own(options)
    // For ever is longer than any log.
    const longest = silence === Infinity ? Number.MAX_SAFE_INTEGER : silence
    this.#watcher = guarded((...all) => loader.Watcher.make(...all))(filesOf(paths), {
      refusals,
      burst,
      silence: longest,
      state: state ?? undefined,
      since,
    })
  }

  get untold() {
    return this.#watcher.untold()
  }

  get state() {
    return this.#watcher.state()
  }

  told(notices) {
    guarded((count) => this.#watcher.told(count))(notices)
  }

  async look(options = {}) {
    const { now = new Date() } = own(options)
    return new Work(options).run((work) => this.#watcher.look(now, work.stop, work.hear))
  }
}

/** Headers by name. No error shows their values. */
function headersOf(headers) {
  const isPlain = headers !== null && typeof headers === 'object' && !Array.isArray(headers)
  if (!isPlain || !Object.values(headers).every((value) => typeof value === 'string')) {
    throw new TypeError('headers must be an object of strings')
  }
  wellFormed(headers)
  return { ...headers }
}

sspr.watch.Post = class Post {
  #poster

  constructor(settings) {
    const { url, headers = {}, caFile, timeout } = own(settings)
    const address = url instanceof URL ? url.href : url
    if (typeof address !== 'string') throw new TypeError('url must be a string or a URL')
    // The addon would show what it cannot convert, which may be a secret in the wrong place.
    if (caFile !== undefined && typeof caFile !== 'string') throw new TypeError('caFile must be a string')
    if (timeout !== undefined && typeof timeout !== 'number') throw new TypeError('timeout must be a number')
    const posting = { url: address, headers: headersOf(headers), caFile, timeout }
    this.#poster = guarded(() => loader.Poster.make(posting))()
  }

  get host() {
    return this.#poster.host()
  }

  async send(watch, options = {}) {
    const { now = new Date() } = own(options)
    const watcher = watcherOf(watch)
    const came = await new Work(options).run((work) => this.#poster.send(watcher, now, work.stop))
    return came.why ? { ...came, why: new SsprError(came.why.message, came.why) } : came
  }
}
