// What several files of the suite share.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

export const ROOT = process.env.SSPR_ROOT
export const REPORTS = process.env.SSPR_REPORTS
export const CONTOSO = join(ROOT, 'examples/contoso')
export const LOG = join(CONTOSO, 'aadc01/log/application.evtx')
export const AS_OF = new Date('2026-11-20T12:00:00Z')

export const stored = (file) => readFileSync(join(REPORTS, file), 'utf8')
/** What Rust made of the logs of `contoso` or of the small `history`, and their path. */
export const roundTrip = (name) => JSON.parse(stored(`roundtrip-${name}.json`))

/** A value with every time, be it a `Date` or its text, as milliseconds. */
export function timed(value) {
  if (value instanceof Date) return value.getTime()
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return Math.floor(new Date(value).getTime())
  if (Array.isArray(value)) return value.map(timed)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, timed(inner)]))
}

/** All rows of a log. */
export async function all(stream) {
  const rows = []
  for await (const some of stream) {
    if (some.length === 0 || some.length > 1000) throw new RangeError(`${some.length} rows in an array`)
    rows.push(...some)
  }
  return rows
}

let records = 0

/** What an operation that fails for want of rights leaves in the log, so many minutes past eight. */
export function failing(number, minute) {
  const id = `11111111-2222-3333-4444-${String(number).padStart(12, '0')}`
  const time = new Date(Date.UTC(2026, 10, 20, 8, minute)).toISOString()
  const one = (event, text) =>
    `<Event><System><Provider Name='PasswordResetService'/><EventID>${event}</EventID>` +
    `<TimeCreated SystemTime='${time}'/><EventRecordID>${(records += 1)}</EventRecordID>` +
    `<Channel>Application</Channel><Computer>aadc01.contoso.com</Computer></System>` +
    `<EventData><Data>TrackingId: ${id}, ${text}</Data></EventData></Event>\n`
  return (
    one(31001, 'PasswordResetRequestStart, Details: jdoe@contoso.com') +
    one(33004, 'Reason: Synchronization Engine returned an error hr=80230626, message=Denied., Context: UserPrincipalName: jdoe@contoso.com')
  )
}

/** The shared cases, each with the report of Rust. */
export const cases = () => JSON.parse(stored('cases.json')).map((one, number) => ({ ...one, report: stored(`${number}.json`) }))

export const require = createRequire(import.meta.url)
/** The addon itself, without the manners that the package gives it. */
export const addon = () => require(join(require.resolve('sspr'), '../sspr.node'))
