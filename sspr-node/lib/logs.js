'use strict'

// Logs: their rows, the operations that they tell of, and watching them while they grow.

const { loader, sspr, guarded } = require('./addon.js')
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

const filesOf = (paths) =>
  (Array.isArray(paths) ? paths : [paths]).map((path) => (path instanceof URL ? require('node:url').fileURLToPath(path) : path))

const operationsOf = guarded(loader.operationsOf)
const joining = guarded((settings) => loader.Joining.make(settings))

sspr.roundtrip = {
  ...sspr.roundtrip,
  operations: (source, options = {}) =>
    Array.isArray(source) ? operationsOf(source, known(own(options))) : new LogStream(source, options, 'operations'),
  readArrow: arrow('operations'),

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
        const found = await this.#joining.finish()
        return { operations: await operationsIn(found, work), ...found.rest() }
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
      return { operations: await operationsIn(found, work), ...found.rest() }
    })
  },

  async readSupport(evidence, operation, options = {}) {
    const origin = origins.get(operation)
    if (!origin) throw new TypeError('operation must be one that readOperations or a Correlator gave, and no copy of it')
    return new Work(own(options)).run((work) =>
      loader.readSupport(work.inputs(evidence), reading(options), origin.found, origin.number, work.stop, work.hear),
    )
  },
})

sspr.watch.Watch = class Watch {
  #watcher

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
