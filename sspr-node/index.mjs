import sspr from './index.js'

export const {
  SsprError, Report, Snapshot, assess, directory, events, explain, forecast, graph, ldap, licensing, main, policy, readiness,
  roundtrip, schema, snapshot, tenant, version, watch, writeback,
} = sspr
export default sspr
