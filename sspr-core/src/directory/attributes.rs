//! How directory attributes encode times and switches of a password policy.
//!
//! Spans are negative counts of 100 nanoseconds. 0 means "none" in `minPwdAge` and "never" in
//! `maxPwdAge` and `lockoutDuration`, where the least integer means the same.

use crate::time::Interval;

/// `pwdProperties`: passwords must meet the complexity rules.
pub const PASSWORD_COMPLEX: i64 = 0x1;
/// `pwdProperties`: passwords are stored reversibly.
pub const PASSWORD_STORE_CLEARTEXT: i64 = 0x10;
/// `userAccountControl`: the account is disabled.
pub const ACCOUNT_DISABLED: i64 = 0x2;
/// `userAccountControl`: no password is required of the account.
pub const PASSWORD_NOT_REQUIRED: i64 = 0x20;
/// `userAccountControl`: an ordinary account.
pub const NORMAL_ACCOUNT: i64 = 0x200;
/// `userAccountControl`: a smart card is required to sign in.
pub const SMARTCARD_REQUIRED: i64 = 0x4_0000;
/// `userAccountControl`: the password does not expire.
pub const DONT_EXPIRE_PASSWORD: i64 = 0x1_0000;

/// Reads a span, such as `minPwdAge`: -864000000000 is one day.
pub fn decode_span(ticks: i64) -> Result<Interval, String> {
    if ticks > 0 {
        return Err("a span in a directory is negative or 0".into());
    }
    Ok(Interval::from_ticks(ticks))
}

/// Reads a span in which 0 means "never": `maxPwdAge`, `lockoutDuration`.
pub fn decode_limit(ticks: i64) -> Result<Interval, String> {
    decode_span(ticks).map(zero_is_never)
}

/// Writes a span as a directory holds it.
pub const fn encode_span(span: Interval) -> i64 {
    match span {
        Interval::Ticks(ticks) => ticks.saturating_neg(),
        Interval::Never => i64::MIN,
    }
}

/// The same span, where nothing means "never".
pub(super) fn zero_is_never(span: Interval) -> Interval {
    if span.is_zero() {
        Interval::Never
    } else {
        span
    }
}
