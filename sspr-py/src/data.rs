//! The two shapes that most of the package has: frozen data, and words.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use pyo3::{type_hint_identifier, type_hint_subscript};
use serde::Serialize;

/// A frozen class around a value of the core, with a getter a field, `repr`, equality, hash and
/// `to_dict`. `wire` adds `to_json`, `from_json` and pickling, for what serde reads as well.
macro_rules! data {
    (
        wire $(#[$doc:meta])*
        $name:ident in $module:literal is $core:ty {
            $($(#[$fdoc:meta])* $field:ident: $ty:ty = |$it:ident| $get:expr,)*
        }
        $($more:tt)*
    ) => {
        $crate::data::data! {
            $(#[$doc])*
            $name in $module is $core {
                $($(#[$fdoc])* $field: $ty = |$it| $get,)*
            }
            /// As indented JSON, with a line feed at its end.
            fn to_json(&self) -> String {
                $crate::json::text(&self.0)
            }
            /// Reads what `to_json` wrote.
            #[staticmethod]
            fn from_json(text: &str) -> pyo3::PyResult<Self> {
                $crate::json::parse(text).map(Self)
            }
            fn __reduce__<'py>(
                slf: &pyo3::Bound<'py, Self>,
            ) -> pyo3::PyResult<$crate::data::Reduced<'py>> {
                $crate::data::reduce(slf, slf.get().to_json())
            }
            $($more)*
        }
    };
    (
        $(#[$doc:meta])*
        $name:ident in $module:literal is $core:ty {
            $($(#[$fdoc:meta])* $field:ident: $ty:ty = |$it:ident| $get:expr,)*
        }
        $($more:tt)*
    ) => {
        $(#[$doc])*
        #[pyo3::pyclass(frozen, eq, module = $module)]
        #[derive(Clone)]
        pub(crate) struct $name(pub(crate) $core);

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                $crate::data::same(&self.0, &other.0)
            }
        }

        #[pyo3::pymethods]
        impl $name {
            $(
                $(#[$fdoc])*
                #[getter]
                fn $field(&self) -> $ty {
                    let $it = &self.0;
                    $get
                }
            )*
            /// As plain data, with the names of the JSON form.
            fn to_dict(&self) -> $crate::json::Json {
                $crate::json::Json::of(&self.0)
            }
            fn __repr__(slf: &pyo3::Bound<'_, Self>) -> pyo3::PyResult<String> {
                $crate::data::repr(slf.as_any(), stringify!($name), &[$(stringify!($field)),*])
            }
            fn __hash__(&self) -> u64 {
                $crate::data::hash(&self.0)
            }
            $($more)*
        }
    };
}
pub(crate) use data;

/// A mapping as a dict, in its order.
pub(crate) struct Dict<K, V>(Vec<(K, V)>);

impl<K, V> Dict<K, V> {
    pub(crate) fn of<A, B>(
        map: &BTreeMap<A, B>,
        key: impl Fn(&A) -> K,
        value: impl Fn(&B) -> V,
    ) -> Self {
        Self(map.iter().map(|(a, b)| (key(a), value(b))).collect())
    }
}

impl<'py, K: IntoPyObject<'py>, V: IntoPyObject<'py>> IntoPyObject<'py> for Dict<K, V> {
    type Target = PyDict;
    type Output = Bound<'py, PyDict>;
    type Error = PyErr;

    const OUTPUT_TYPE: PyStaticExpr = type_hint_subscript!(
        type_hint_identifier!("builtins", "dict"),
        K::OUTPUT_TYPE,
        V::OUTPUT_TYPE
    );

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        let dict = PyDict::new(py);
        for (key, value) in self.0 {
            dict.set_item(key, value)?;
        }
        Ok(dict)
    }
}

/// Enumerations that are words: a wrapper a type that becomes a member of the class of the same
/// name in the package's Python files, and the list of their words for the test that holds both
/// together.
macro_rules! words {
    ($($name:ident in $module:literal is $core:ty { $($variant:ident),* $(,)? } $(, $open:ident)?;)*) => {
        $(
            #[derive(Clone, PartialEq)]
            pub(crate) struct $name(pub(crate) $core);

            impl $name {
                const ALL: &'static [$core] = &[$(<$core>::$variant),*];

                /// A new variant does not compile until it is listed.
                #[allow(dead_code, unreachable_patterns, reason = "only there to be compiled")]
                const fn is_listed(word: &$core) {
                    match word {
                        $(<$core>::$variant => {})*
                        $($crate::data::words!(@$open) => {})?
                    }
                }
            }

            impl<'py> pyo3::IntoPyObject<'py> for $name {
                type Target = pyo3::PyAny;
                type Output = pyo3::Bound<'py, pyo3::PyAny>;
                type Error = pyo3::PyErr;

                const OUTPUT_TYPE: pyo3::inspect::PyStaticExpr =
                    pyo3::type_hint_identifier!($module, stringify!($name));

                fn into_pyobject(self, py: pyo3::Python<'py>) -> pyo3::PyResult<Self::Output> {
                    static CLASS: pyo3::sync::PyOnceLock<pyo3::Py<pyo3::types::PyType>> =
                        pyo3::sync::PyOnceLock::new();
                    let class = CLASS.import(py, $module, stringify!($name))?;
                    pyo3::types::PyAnyMethods::call1(
                        class.as_any(),
                        ($crate::errors::word(&self.0),),
                    )
                }
            }
        )*

        /// The words of each class, by module and name.
        pub(crate) fn all() -> Vec<(&'static str, &'static str, Vec<String>)> {
            vec![$((
                $module,
                stringify!($name),
                $name::ALL.iter().map($crate::errors::word).collect(),
            )),*]
        }
    };
    (@open) => { _ };
}
pub(crate) use words;

/// Lets a word be an argument: a member of its class, or its text.
macro_rules! taken {
    ($($name:ident in $module:literal;)*) => {
        // The macro calls itself by its bare name.
        use pyo3::type_hint_union;

        $(
            impl<'py> pyo3::FromPyObject<'_, 'py> for $name {
                type Error = pyo3::PyErr;

                const INPUT_TYPE: pyo3::inspect::PyStaticExpr = type_hint_union!(
                    pyo3::type_hint_identifier!($module, stringify!($name)),
                    pyo3::type_hint_identifier!("builtins", "str")
                );

                fn extract(object: pyo3::Borrowed<'_, 'py, pyo3::PyAny>) -> pyo3::PyResult<Self> {
                    let word: String = object.extract()?;
                    $name::ALL
                        .iter()
                        .find(|known| $crate::errors::word(*known) == word)
                        .map(|known| Self(known.clone()))
                        .ok_or_else(|| $crate::data::no_word(stringify!($name), &word, $name::ALL))
                }
            }
        )*
    };
}
pub(crate) use taken;

pub(crate) fn no_word(name: &str, word: &str, all: &[impl Serialize]) -> PyErr {
    let all: Vec<_> = all.iter().map(crate::errors::word).collect();
    // A word that is not known is the caller's own, and short pieces of it help.
    let word: String = word.chars().take(40).collect();
    crate::errors::value(format!(
        "{word:?} is no {name}; there are {}",
        all.join(", ")
    ))
}

/// What `__reduce__` gives.
pub(crate) type Reduced<'py> = (Bound<'py, PyAny>, (String,));

/// Pickles as JSON.
pub(crate) fn reduce<'py, T>(slf: &Bound<'py, T>, json: String) -> PyResult<Reduced<'py>> {
    let from_json = slf.as_any().get_type().getattr("from_json")?;
    Ok((from_json, (json,)))
}

/// Whether two values are the same, or are written the same: what was read back from JSON knows its
/// places only as words.
pub(crate) fn same<T: PartialEq + Serialize>(one: &T, other: &T) -> bool {
    one == other || serde_json::to_vec(one).ok() == serde_json::to_vec(other).ok()
}

/// The hash of what serde writes, so that equal values have equal hashes.
pub(crate) fn hash(value: &impl Serialize) -> u64 {
    let mut hasher = DefaultHasher::new();
    serde_json::to_vec(value)
        .unwrap_or_default()
        .hash(&mut hasher);
    hasher.finish()
}

/// Longest value that `repr` shows.
const SHOWN: usize = 72;

/// `Name(field=value, …)`; absent fields are left out, long ones cut, lists of objects counted.
pub(crate) fn repr(object: &Bound<'_, PyAny>, name: &str, fields: &[&str]) -> PyResult<String> {
    let mut parts = Vec::new();
    for field in fields {
        let value = object.getattr(*field)?;
        if value.is_none() {
            continue;
        }
        let text = match value.cast::<PyList>() {
            Ok(list) if list.len() > 4 => format!("[{} items]", list.len()),
            _ => value.repr()?.to_string(),
        };
        if text.chars().count() > SHOWN {
            let cut: String = text.chars().take(SHOWN - 1).collect();
            parts.push(format!("{field}={cut}…"));
        } else {
            parts.push(format!("{field}={text}"));
        }
    }
    Ok(format!("{name}({})", parts.join(", ")))
}
