//! Values between Rust and JavaScript: what serde gives becomes plain objects, and what a caller
//! hands over as JSON is read by serde.
#![expect(
    unsafe_code,
    reason = "napi's conversions are unsafe to declare; no other module declares any"
)]

use std::any::type_name;
use std::fmt::Display;
use std::marker::PhantomData;

use napi::bindgen_prelude::{
    BigInt, Buffer, FromNapiValue, Function, JsObjectValue, Null, Object, ToNapiValue, TypeName,
    Uint8Array, Unknown, ValidateNapiValue,
};
use napi::{Env, Error, JsValue, Status, ValueType, sys};
use serde::de::DeserializeOwned;
use serde::ser::{self, Serialize};

use crate::fault::{invalid, own};

type Result<T, E = Error> = std::result::Result<T, E>;

/// A value that becomes a plain object as serde spells it, with a `Date` for every time.
pub struct Plain<T>(pub(crate) T);

impl<T: Serialize> Plain<T> {
    /// The value in an environment, where it borrows from something that does not outlive the call.
    pub(crate) fn object(self, env: &Env) -> Result<Object<'_>> {
        // SAFETY: the environment is that of the call.
        let value = unsafe { Self::to_napi_value(env.raw(), self)? };
        Ok(Object::from_raw(env.raw(), value))
    }
}

impl<T: Serialize> ToNapiValue for Plain<T> {
    unsafe fn to_napi_value(env: sys::napi_env, value: Self) -> Result<sys::napi_value> {
        value.0.serialize(Ser(env)).map_err(|fault| fault.0)
    }
}

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

/// Serialises into values of an environment.
#[derive(Clone, Copy)]
struct Ser(sys::napi_env);

/// An error of this serialiser.
#[derive(Debug)]
struct Fault(Error);

impl Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Fault {}

impl ser::Error for Fault {
    fn custom<T: Display>(message: T) -> Self {
        Self(Error::new(Status::GenericFailure, message.to_string()))
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl Ser {
    fn put<T: ToNapiValue>(self, value: T) -> Result<sys::napi_value, Fault> {
        // SAFETY: this serialiser lives inside a call of the environment that it holds.
        unsafe { T::to_napi_value(self.0, value).map_err(Fault) }
    }

    fn object(self) -> Result<Fields, Fault> {
        Ok(Fields {
            ser: self,
            object: Object::new(&Env::from_raw(self.0))?,
            key: None,
            outer: None,
        })
    }

    fn items(self, len: Option<usize>) -> Items {
        Items {
            ser: self,
            items: Vec::with_capacity(len.unwrap_or_default().min(4096)),
            outer: None,
        }
    }
}

impl ser::Serializer for Ser {
    type Ok = sys::napi_value;
    type Error = Fault;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = Items;
    type SerializeMap = Fields;
    type SerializeStruct = Fields;
    type SerializeStructVariant = Fields;

    fn serialize_bool(self, value: bool) -> Result<Self::Ok, Fault> {
        self.put(value)
    }
    fn serialize_i8(self, value: i8) -> Result<Self::Ok, Fault> {
        self.put(i32::from(value))
    }
    fn serialize_i16(self, value: i16) -> Result<Self::Ok, Fault> {
        self.put(i32::from(value))
    }
    fn serialize_i32(self, value: i32) -> Result<Self::Ok, Fault> {
        self.put(value)
    }
    fn serialize_i64(self, value: i64) -> Result<Self::Ok, Fault> {
        self.put(value)
    }
    fn serialize_u8(self, value: u8) -> Result<Self::Ok, Fault> {
        self.put(u32::from(value))
    }
    fn serialize_u16(self, value: u16) -> Result<Self::Ok, Fault> {
        self.put(u32::from(value))
    }
    fn serialize_u32(self, value: u32) -> Result<Self::Ok, Fault> {
        self.put(value)
    }
    fn serialize_u64(self, value: u64) -> Result<Self::Ok, Fault> {
        // The bits of event keywords are the only numbers of this size; JSON rounds them alike.
        #[expect(clippy::cast_precision_loss, reason = "as JSON.parse does")]
        self.put(value as f64)
    }
    fn serialize_f32(self, value: f32) -> Result<Self::Ok, Fault> {
        self.put(f64::from(value))
    }
    fn serialize_f64(self, value: f64) -> Result<Self::Ok, Fault> {
        self.put(value)
    }
    fn serialize_char(self, value: char) -> Result<Self::Ok, Fault> {
        self.put(value.to_string())
    }
    fn serialize_str(self, value: &str) -> Result<Self::Ok, Fault> {
        self.put(value)
    }
    fn serialize_bytes(self, value: &[u8]) -> Result<Self::Ok, Fault> {
        self.put(Buffer::from(value))
    }
    fn serialize_none(self) -> Result<Self::Ok, Fault> {
        self.put(Null)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Self::Ok, Fault> {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Result<Self::Ok, Fault> {
        self.put(Null)
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<Self::Ok, Fault> {
        self.put(Null)
    }
    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Self::Ok, Fault> {
        self.put(variant)
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Self::Ok, Fault> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Self::Ok, Fault> {
        let mut outer = self.object()?;
        let value = value.serialize(self)?;
        outer.object.set(variant, value)?;
        self.put(outer.object)
    }
    fn serialize_seq(self, len: Option<usize>) -> Result<Items, Fault> {
        Ok(self.items(len))
    }
    fn serialize_tuple(self, len: usize) -> Result<Items, Fault> {
        Ok(self.items(Some(len)))
    }
    fn serialize_tuple_struct(self, _: &'static str, len: usize) -> Result<Items, Fault> {
        Ok(self.items(Some(len)))
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Items, Fault> {
        let mut items = self.items(Some(len));
        items.outer = Some(variant);
        Ok(items)
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Fields, Fault> {
        self.object()
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Fields, Fault> {
        self.object()
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Fields, Fault> {
        let mut fields = self.object()?;
        fields.outer = Some(variant);
        Ok(fields)
    }

    /// Times are displayed by a type of chrono's; places and the like by their own.
    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<Self::Ok, Fault> {
        let text = value.to_string();
        if type_name::<T>().starts_with("chrono::")
            && let Ok(time) = chrono::DateTime::parse_from_rfc3339(&text)
        {
            #[expect(clippy::cast_precision_loss, reason = "milliseconds of any date fit")]
            let env = Env::from_raw(self.0);
            let date = env.create_date(time.timestamp_millis() as f64)?;
            return Ok(date.value().value);
        }
        self.put(text)
    }
}

/// An array that is being filled.
struct Items {
    ser: Ser,
    items: Vec<sys::napi_value>,
    outer: Option<&'static str>,
}

impl Items {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        self.items.push(value.serialize(self.ser)?);
        Ok(())
    }

    fn done(self) -> Result<sys::napi_value, Fault> {
        let ser = self.ser;
        let array = ser.put(self.items)?;
        wrap(ser, self.outer, array)
    }
}

/// The value as the only field of an object, for variants that carry something.
fn wrap(
    ser: Ser,
    outer: Option<&'static str>,
    value: sys::napi_value,
) -> Result<sys::napi_value, Fault> {
    let Some(name) = outer else {
        return Ok(value);
    };
    let mut object = ser.object()?.object;
    object.set(name, value)?;
    ser.put(object)
}

macro_rules! items {
    ($($name:ident $method:ident),*) => {$(
        impl ser::$name for Items {
            type Ok = sys::napi_value;
            type Error = Fault;
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
                self.push(value)
            }
            fn end(self) -> Result<Self::Ok, Fault> {
                self.done()
            }
        }
    )*};
}

items!(
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field
);

/// An object that is being filled.
struct Fields {
    ser: Ser,
    object: Object<'static>,
    key: Option<sys::napi_value>,
    outer: Option<&'static str>,
}

impl ser::SerializeMap for Fields {
    type Ok = sys::napi_value;
    type Error = Fault;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Fault> {
        self.key = Some(key.serialize(self.ser)?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        let Some(key) = self.key.take() else {
            return Err(ser::Error::custom("a value without a key"));
        };
        let value = value.serialize(self.ser)?;
        // SAFETY: both values were made in the environment of this call.
        let status =
            unsafe { sys::napi_set_property(self.ser.0, self.object.value().value, key, value) };
        match Status::from(status) {
            Status::Ok => Ok(()),
            status => Err(Fault(Error::new(status, "a property could not be set"))),
        }
    }

    fn end(self) -> Result<Self::Ok, Fault> {
        let ser = self.ser;
        let object = ser.put(self.object)?;
        wrap(ser, self.outer, object)
    }
}

macro_rules! fields {
    ($($name:ident),*) => {$(
        impl ser::$name for Fields {
            type Ok = sys::napi_value;
            type Error = Fault;
            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), Fault> {
                let value = value.serialize(self.ser)?;
                self.object.set(key, value)?;
                Ok(())
            }
            fn end(self) -> Result<Self::Ok, Fault> {
                ser::SerializeMap::end(self)
            }
        }
    )*};
}

fields!(SerializeStruct, SerializeStructVariant);
