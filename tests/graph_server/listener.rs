//! Connections: TLS or plain on one port, HTTP/1.1, and bodies that end too early.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::body::{Body, Frame, Incoming as HyperBody, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, header};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Sleep;
use tokio_rustls::TlsAcceptor;

use super::answer::{Answer, End};
use super::clock::Clock;
use super::service::Incoming;

/// Who answers.
pub(super) type Handler = Arc<dyn Fn(&Incoming) -> Answer + Send + Sync>;

/// Accepts connections until the task is dropped. With `tls`, a connection that does not begin as
/// TLS does is served without.
pub(super) async fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    handler: Handler,
    clock: Clock,
) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        let (tls, handler, clock) = (tls.clone(), Arc::clone(&handler), clock.clone());
        tokio::spawn(async move {
            let _ = stream.set_nodelay(true);
            let mut first = [0];
            let secret = matches!(stream.peek(&mut first).await, Ok(1) if first == [22]);
            let reset = Arc::new(AtomicBool::new(false));
            let stream = Resettable {
                stream,
                reset: Arc::clone(&reset),
            };
            match tls.filter(|_| secret) {
                Some(acceptor) => {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        connection(stream, true, reset, handler, clock).await;
                    }
                }
                None => connection(stream, false, reset, handler, clock).await,
            }
        });
    }
}

async fn connection<S>(stream: S, tls: bool, reset: Arc<AtomicBool>, handler: Handler, clock: Clock)
where
    S: AsyncRead + AsyncWrite + Unpin + 'static,
{
    let service = service_fn(|request| {
        let (reset, handler, clock) = (Arc::clone(&reset), Arc::clone(&handler), clock.clone());
        async move { answered(request, tls, reset, handler, clock).await }
    });
    let mut connection = http1::Builder::new()
        .half_close(false)
        .serve_connection(TokioIo::new(stream), service);
    let ended = (&mut connection).await;
    // A body that ends too early leaves it to us to close in order.
    if ended.is_err() && !reset.load(Ordering::Relaxed) {
        let mut stream = connection.into_parts().io.into_inner();
        let _ = stream.shutdown().await;
    }
}

async fn answered(
    request: Request<HyperBody>,
    tls: bool,
    reset: Arc<AtomicBool>,
    handler: Handler,
    clock: Clock,
) -> io::Result<Response<Sent>> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let incoming = Incoming {
        method: head.method.to_string(),
        target: head.uri.to_string(),
        headers: head
            .headers
            .iter()
            .map(|(name, value)| {
                (
                    name.as_str().to_owned(),
                    String::from_utf8_lossy(value.as_bytes()).into_owned(),
                )
            })
            .collect(),
        body: String::from_utf8_lossy(&body).into_owned(),
        tls,
    };
    let answer = handler(&incoming);
    if answer.sending.delay > Duration::ZERO {
        tokio::time::sleep(clock.real(answer.sending.delay)).await;
    }
    if answer.sending.end == End::Reset {
        reset.store(true, Ordering::Relaxed);
        return Err(io::ErrorKind::ConnectionReset.into());
    }
    if let End::ResetAfter(_) = answer.sending.end {
        reset.store(true, Ordering::Relaxed);
    }
    let mut response = Response::builder()
        .status(answer.status)
        .header(header::DATE, super::clock::http_date(clock.time()))
        .header(header::CONTENT_LENGTH, answer.body.len());
    if !answer.content_type.is_empty() {
        response = response.header(header::CONTENT_TYPE, answer.content_type);
    }
    for (name, value) in &answer.headers {
        response = response.header(*name, value);
    }
    let half = answer.body.len() / 2;
    let (first, second, end) = match answer.sending.end {
        End::ResetAfter(bytes) | End::ClosedAfter(bytes) => {
            (answer.body.slice(..bytes), Bytes::new(), true)
        }
        _ if answer.sending.pause > Duration::ZERO => {
            (answer.body.slice(..half), answer.body.slice(half..), false)
        }
        _ => (answer.body, Bytes::new(), false),
    };
    let sent = Sent {
        first: Some(first),
        second: Some(second),
        // What was given to the connection has to be on its way before the connection ends.
        pause: clock
            .real(answer.sending.pause)
            .max(Duration::from_millis(2)),
        sleep: None,
        breaks: end,
    };
    response.body(sent).map_err(io::Error::other)
}

/// A body in one or two pieces, or one that breaks off.
struct Sent {
    first: Option<Bytes>,
    second: Option<Bytes>,
    pause: Duration,
    sleep: Option<Pin<Box<Sleep>>>,
    breaks: bool,
}

impl Body for Sent {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(first) = self.first.take().filter(|bytes| !bytes.is_empty()) {
            return Poll::Ready(Some(Ok(Frame::data(first))));
        }
        if !self.breaks && self.second.as_ref().is_none_or(Bytes::is_empty) {
            return Poll::Ready(None);
        }
        let pause = self.pause;
        let sleep = self
            .sleep
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(pause)));
        if sleep.as_mut().poll(context).is_pending() {
            return Poll::Pending;
        }
        if self.breaks {
            return Poll::Ready(Some(Err(io::ErrorKind::ConnectionReset.into())));
        }
        Poll::Ready(self.second.take().map(|second| Ok(Frame::data(second))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}

/// A connection that can end with a reset.
struct Resettable {
    stream: TcpStream,
    reset: Arc<AtomicBool>,
}

impl Drop for Resettable {
    fn drop(&mut self) {
        if self.reset.load(Ordering::Relaxed) {
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Resettable {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Resettable {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
