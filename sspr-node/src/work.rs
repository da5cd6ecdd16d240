//! Long work on a thread of its own: a promise for its end, a way to stop it, and word of its
//! progress.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use napi::bindgen_prelude::{Function, Object, ToNapiValue};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, Error, JsDeferred, Result, Status};
use napi_derive::napi;
use sspr::evidence::{Progress, Stage};

use crate::fault::caught;

/// Makes the value of a promise once its work is done, on the main thread.
type Resolver<R> = Box<dyn FnOnce(Env) -> Result<R>>;

/// A promise that is still open.
pub(crate) struct Promise<R: ToNapiValue>(JsDeferred<R, Resolver<R>>);

impl<R: ToNapiValue + 'static> Promise<R> {
    /// A promise, and what JavaScript awaits.
    pub(crate) fn new(env: &Env) -> Result<(Self, Object<'_>)> {
        let (deferred, promise) = env.create_deferred()?;
        Ok((Self(deferred), promise))
    }

    /// Keeps it, or breaks it.
    pub(crate) fn settle<T: Send + 'static>(
        self,
        result: Result<T>,
        make: impl FnOnce(T) -> R + Send + 'static,
    ) {
        match result {
            Ok(value) => self
                .0
                .resolve(Box::new(move |_| caught(move || Ok(make(value))))),
            Err(error) => self.0.reject(error),
        }
    }
}

/// Does `work` on a thread of its own. What it gives becomes the value of the promise by `make`.
pub(crate) fn promised<T: Send + 'static, R: ToNapiValue + 'static>(
    env: &Env,
    work: impl FnOnce() -> Result<T> + Send + 'static,
    make: impl FnOnce(T) -> R + Send + 'static,
) -> Result<Object<'_>> {
    let (promise, awaited) = Promise::new(env)?;
    spawn(move || promise.settle(caught(work), make))?;
    Ok(awaited)
}

/// Starts a thread.
pub(crate) fn spawn(work: impl FnOnce() + Send + 'static) -> Result<()> {
    thread::Builder::new()
        .name("sspr".into())
        .stack_size(8 * 1024 * 1024)
        .spawn(work)
        .map(drop)
        .map_err(|error| Error::new(Status::GenericFailure, error.to_string()))
}

/// Stops long work.
#[napi(namespace = "loader")]
#[derive(Default)]
pub struct Stop {
    stopped: Arc<AtomicBool>,
}

#[napi(namespace = "loader")]
impl Stop {
    /// Nothing is stopped yet.
    #[napi(factory)]
    pub fn make() -> Self {
        Self::default()
    }

    /// Stops the work at its next step.
    #[napi]
    pub fn now(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }
}

impl Stop {
    /// Whether it was stopped, for a thread to look at.
    pub(crate) fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.stopped)
    }
}

/// Hears of progress, and knows whether to go on.
pub(crate) struct Watch {
    stopped: Arc<AtomicBool>,
    hear: Option<Hear>,
}

/// What a callback is told: the stage, the name, the bytes read, and how many there are.
pub(crate) type Step = (String, Option<String>, f64, Option<f64>);

type Hear = ThreadsafeFunction<Step, (), napi::bindgen_prelude::FnArgs<Step>, Status, false, true>;

/// A callback of JavaScript that hears of progress.
pub(crate) type OnStep<'a> = Function<'a, napi::bindgen_prelude::FnArgs<Step>, ()>;

impl Watch {
    /// Watches for one stop, and tells one callback.
    pub(crate) fn new(stop: &Stop, hear: Option<OnStep<'_>>) -> Result<Self> {
        let hear = hear
            .map(|hear| {
                hear.build_threadsafe_function::<Step>()
                    .callee_handled::<false>()
                    .weak::<true>()
                    .build_callback(|step| Ok(step.value.into()))
            })
            .transpose()?;
        Ok(Self {
            stopped: Arc::clone(&stop.stopped),
            hear,
        })
    }

    /// Whether to go on.
    pub(crate) fn flow(&self) -> ControlFlow<()> {
        if self.stopped.load(Ordering::Relaxed) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    /// Passes word on, and says whether to go on.
    pub(crate) fn hears(&self, progress: &Progress<'_>) -> ControlFlow<()> {
        if let Some(hear) = &self.hear {
            let (stage, name) = match &progress.stage {
                Stage::Recognising(name) => ("recognising", Some(*name)),
                Stage::Reading(name) => ("reading", Some(*name)),
                Stage::Collecting { part, .. } => ("collecting", Some(*part)),
                _ => ("judging", None),
            };
            #[expect(clippy::cast_precision_loss, reason = "no input has 2^53 bytes")]
            let step = (
                stage.to_owned(),
                name.map(str::to_owned),
                progress.bytes as f64,
                progress.total.map(|total| total as f64),
            );
            hear.call(step, ThreadsafeFunctionCallMode::NonBlocking);
        }
        self.flow()
    }
}
