'use strict'

// Long work: what is read, how it is stopped, and who hears of its progress.

const { loader, SsprError, translated, wellFormed } = require('./addon.js')

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

  /** Between two slices of work on this thread: lets the event loop go on, and ends what was ended. */
  async pause() {
    await new Promise((resolve) => setImmediate(resolve))
    if (this.#ending) throw this.#ending.error
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
const reading = ({ observedAt, limits, timeZone, jobs, verify }) => ({ observedAt, limits, timeZone, jobs, verify })

module.exports = { Work, own, reading }
