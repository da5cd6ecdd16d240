// The same package through `require`.
import sspr = require('sspr')

const answer: sspr.explain.Answer = sspr.explain('33004')
const token = sspr.directory.Token.exact('S-1-5-18', [])
const descriptor = sspr.directory.SecurityDescriptor.fromSddl('D:(A;;CR;;;WD)')
const decision: 'yes' | 'no' | 'unknown' = sspr.directory.check(descriptor, token, 'Reset Password').granted
const cloud: sspr.tenant.Cloud = 'public'
console.log(answer.topics, decision, sspr.writeback.endpoints(cloud), sspr.writeback.WRITEBACK_ROLES[0]?.name)
