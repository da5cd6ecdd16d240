'use strict'

// The package: the addon with the manners of JavaScript, which lib/ gives it (one error class,
// `AbortSignal`, callbacks that may throw, streams as input, iterators). Nothing is decided here.

const { loader, sspr, SsprError, guarded, wellFormed } = require('./lib/addon.js')
const { Work, own, reading } = require('./lib/work.js')
require('./lib/logs.js')

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

sspr.writeback.WRITEBACK_ROLES = sspr.writeback.writebackRoles()
delete sspr.writeback.writebackRoles

// A module and its one function share a name at the top.
for (const name of ['explain', 'schema']) {
  const module_ = sspr[name]
  sspr[name] = Object.assign((text) => module_[name](text), module_)
}

module.exports = Object.assign(sspr, { SsprError, Snapshot, Report, version: sspr.version() })
