//! Values that callers hand over, checked where napi would wrap around or replace in silence.
#![expect(unsafe_code, reason = "napi's conversions are unsafe to declare")]

use std::marker::PhantomData;

use napi::bindgen_prelude::{
    BigInt, Buffer, FromNapiValue, Function, JsObjectValue, Object, TypeName, Uint8Array, Unknown,
    ValidateNapiValue,
};
use napi::{Env, JsValue, Result, ValueType, sys};
use serde::de::DeserializeOwned;

use crate::fault::{invalid, own};

/// JSON of a `T` from a caller: a value that `JSON.stringify` can spell, text, or bytes.
pub struct Json<T> {
    text: String,
    of: PhantomData<T>,
}

impl<T> Json<T> {
    fn new(text: String) -> Self {
        Self {
            text,
            of: PhantomData,
        }
    }

    /// The JSON as text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The JSON as a value of the core. A wrong shape is an error that names the line.
    pub(crate) fn read(&self) -> Result<T>
    where
        T: DeserializeOwned,
    {
        serde_json::from_str(&self.text).map_err(|fault| own(&json_fault(&fault)))
    }

    /// A word out of several, such as `reset`.
    pub(crate) fn word(&self) -> Result<T>
    where
        T: DeserializeOwned,
    {
        T::deserialize(serde_json::Value::from(self.text.as_str()))
            .map_err(|fault| invalid(&fault.to_string()))
    }
}

fn json_fault(fault: &serde_json::Error) -> sspr::Error {
    let place = sspr::evidence::Locator::Line(fault.line() as u64);
    let text = fault.to_string();
    let words = text
        .rsplit_once(" at line ")
        .map_or(text.as_str(), |found| found.0);
    if fault.is_data() {
        sspr::Error::value(place, words)
    } else {
        sspr::Error::syntax(place, words)
    }
}

impl<T> TypeName for Json<T> {
    fn type_name() -> &'static str {
        "Json"
    }
    fn value_type() -> ValueType {
        ValueType::Unknown
    }
}

impl<T> ValidateNapiValue for Json<T> {
    unsafe fn validate(_: sys::napi_env, _: sys::napi_value) -> Result<sys::napi_value> {
        Ok(std::ptr::null_mut())
    }
}

impl<T> FromNapiValue for Json<T> {
    unsafe fn from_napi_value(env: sys::napi_env, value: sys::napi_value) -> Result<Self> {
        // SAFETY: napi hands over a value of this environment.
        let unknown = unsafe { Unknown::from_napi_value(env, value)? };
        let env = Env::from_raw(env);
        match unknown.get_type()? {
            ValueType::String => String::from_unknown(unknown).map(Self::new),
            ValueType::Object if unknown.is_buffer()? || unknown.is_typedarray()? => {
                let bytes = Uint8Array::from_unknown(unknown)?;
                String::from_utf8(bytes.to_vec())
                    .map(Self::new)
                    .map_err(|_| invalid("JSON must be UTF-8"))
            }
            ValueType::Object => {
                let json: Object = env.get_global()?.get_named_property("JSON")?;
                let stringify: Function<Unknown, Option<String>> =
                    json.get_named_property("stringify")?;
                let text = stringify.call(unknown)?;
                text.map(Self::new)
                    .ok_or_else(|| invalid("this value has no JSON"))
            }
            other => Err(invalid(&format!(
                "JSON is wanted, as an object, a string or bytes, and not {other}"
            ))),
        }
    }
}

/// Bytes from a caller: a `Buffer`, a `Uint8Array`, or text.
pub struct Bytes(pub(crate) Vec<u8>);

impl TypeName for Bytes {
    fn type_name() -> &'static str {
        "Bytes"
    }
    fn value_type() -> ValueType {
        ValueType::Unknown
    }
}

impl ValidateNapiValue for Bytes {
    unsafe fn validate(_: sys::napi_env, _: sys::napi_value) -> Result<sys::napi_value> {
        Ok(std::ptr::null_mut())
    }
}

impl FromNapiValue for Bytes {
    unsafe fn from_napi_value(env: sys::napi_env, value: sys::napi_value) -> Result<Self> {
        // SAFETY: napi hands over a value of this environment.
        let unknown = unsafe { Unknown::from_napi_value(env, value)? };
        match unknown.get_type()? {
            ValueType::String => String::from_unknown(unknown).map(|text| Self(text.into_bytes())),
            ValueType::Object if unknown.is_buffer()? => {
                Buffer::from_unknown(unknown).map(|bytes| Self(bytes.to_vec()))
            }
            ValueType::Object if unknown.is_typedarray()? => {
                Uint8Array::from_unknown(unknown).map(|bytes| Self(bytes.to_vec()))
            }
            other => Err(invalid(&format!(
                "bytes are wanted, as a Uint8Array or a string, and not {other}"
            ))),
        }
    }
}

/// A whole number from a caller, which napi itself would wrap around in silence.
pub struct Whole(u64);

impl Whole {
    /// The number, if it fits.
    pub(crate) fn get<T: TryFrom<u64>>(&self) -> Result<T> {
        T::try_from(self.0).map_err(|_| invalid(&format!("{} is too large here", self.0)))
    }
}

impl TypeName for Whole {
    fn type_name() -> &'static str {
        "number"
    }
    fn value_type() -> ValueType {
        ValueType::Unknown
    }
}

impl ValidateNapiValue for Whole {
    unsafe fn validate(_: sys::napi_env, _: sys::napi_value) -> Result<sys::napi_value> {
        Ok(std::ptr::null_mut())
    }
}

impl FromNapiValue for Whole {
    unsafe fn from_napi_value(env: sys::napi_env, value: sys::napi_value) -> Result<Self> {
        // SAFETY: napi hands over a value of this environment.
        let unknown = unsafe { Unknown::from_napi_value(env, value)? };
        match unknown.get_type()? {
            ValueType::Number => {
                let number = f64::from_unknown(unknown)?;
                if number.fract() == 0.0 && (0.0..=MOST).contains(&number) {
                    #[expect(
                        clippy::cast_possible_truncation,
                        clippy::cast_sign_loss,
                        reason = "a whole number between 0 and 2^53"
                    )]
                    return Ok(Self(number as u64));
                }
                Err(invalid(&format!(
                    "a whole number is wanted, and not {number}"
                )))
            }
            ValueType::BigInt => match BigInt::from_unknown(unknown)?.get_u64() {
                (false, number, true) => Ok(Self(number)),
                _ => Err(invalid("this number is out of range")),
            },
            other => Err(invalid(&format!(
                "a whole number is wanted, and not {other}"
            ))),
        }
    }
}

/// The largest whole number that every smaller one can be told from.
const MOST: f64 = 9_007_199_254_740_991.0;
