//! Values of the core as plain objects of JavaScript.
#![expect(unsafe_code, reason = "napi's conversions are unsafe to declare")]

use std::any::type_name;
use std::fmt::Display;

use napi::bindgen_prelude::{Buffer, Null, Object, ToNapiValue};
use napi::{Env, Error, JsValue, Status, sys};
use serde::ser::{self, Serialize};

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
            values: Vec::with_capacity(len.unwrap_or_default().min(4096)),
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
            let env = Env::from_raw(self.0);
            #[expect(clippy::cast_precision_loss, reason = "milliseconds of any date fit")]
            let milliseconds = time.timestamp_millis() as f64;
            let date = env.create_date(milliseconds)?;
            return Ok(date.value().value);
        }
        self.put(text)
    }
}

/// An array that is being filled.
struct Items {
    ser: Ser,
    values: Vec<sys::napi_value>,
    outer: Option<&'static str>,
}

impl Items {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        self.values.push(value.serialize(self.ser)?);
        Ok(())
    }

    fn done(self) -> Result<sys::napi_value, Fault> {
        let ser = self.ser;
        let array = ser.put(self.values)?;
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
        // As in JSON: the text of a word, of a number or of a time.
        let text = match serde_json::to_value(key).map_err(<Fault as ser::Error>::custom)? {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        self.key = Some(self.ser.put(text)?);
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
