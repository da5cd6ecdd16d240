'use strict'

// Loads the addon and gives it the manners of JavaScript: one error class, arguments that are checked,
// classes and functions that carry their names.

const MARK = 'sspr:'

/** Finds the addon beside the package's main file: a plain `sspr.node`, or the one of this platform. */
function load() {
  const { platform, arch } = process
  const names = { linux: ['-gnu', '-musl'], win32: ['-msvc'] }[platform] ?? ['']
  const files = ['../sspr.node', ...names.map((name) => `../sspr.${platform}-${arch}${name}.node`)]
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

module.exports = { loader, sspr, SsprError, guarded, translated, wellFormed }
