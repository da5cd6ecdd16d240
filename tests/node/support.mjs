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
/** The shared cases, each with the report of Rust. */
export const cases = () => JSON.parse(stored('cases.json')).map((one, number) => ({ ...one, report: stored(`${number}.json`) }))

export const require = createRequire(import.meta.url)
/** The addon itself, without the manners that the package gives it. */
export const addon = () => require(join(require.resolve('sspr'), '../sspr.node'))
