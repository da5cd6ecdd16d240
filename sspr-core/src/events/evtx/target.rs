//! Where what a chunk gives goes: to whoever reads the log, or to another thread first.
//!
//! Memory that one thread asks for and another gives back costs more than the decoding of an event. So
//! a thread that decodes for another uses the same events again and again, and the other one copies
//! them.

use std::ops::ControlFlow;

use crate::events::{LogItem, WindowsEvent};
use crate::evidence::{At, Locator};

/// Takes what a log gives.
pub(super) type Sink<'s> = &'s mut dyn FnMut(LogItem) -> ControlFlow<()>;

/// Bytes of texts that a batch keeps memory for, at most, while nothing is in it.
const MOST_KEPT: usize = 1024 * 1024;

/// Takes what a chunk gives.
pub(super) trait Target {
    /// Room for the next event, with whatever stood in it before.
    fn room(&mut self) -> &mut At<WindowsEvent>;

    /// Takes the event that was put into the room.
    fn keep(&mut self) -> ControlFlow<()>;

    /// Takes what is no event.
    fn other(&mut self, item: LogItem) -> ControlFlow<()>;
}

/// An event with room for its fields.
type Room = Box<At<WindowsEvent>>;

/// Hands everything over as it comes.
pub(super) struct Direct<'s> {
    sink: Sink<'s>,
    room: Option<Room>,
}

impl<'s> Direct<'s> {
    pub(super) fn new(sink: Sink<'s>) -> Self {
        Self { sink, room: None }
    }
}

impl Target for Direct<'_> {
    fn room(&mut self) -> &mut At<WindowsEvent> {
        self.room.get_or_insert_with(empty)
    }

    fn keep(&mut self) -> ControlFlow<()> {
        match self.room.take() {
            Some(event) => (self.sink)(LogItem::Event(event)),
            None => ControlFlow::Continue(()),
        }
    }

    fn other(&mut self, item: LogItem) -> ControlFlow<()> {
        (self.sink)(item)
    }
}

/// What some chunks gave, for another thread to hand over.
#[derive(Default)]
pub(super) struct Batch {
    events: Vec<Room>,
    /// What is no event, each with the number of events before it.
    others: Vec<(usize, LogItem)>,
    room: Option<Room>,
    spare: Vec<Room>,
}

impl Batch {
    /// Hands everything over in its order. Then the batch can be filled again.
    pub(super) fn hand_over(&mut self, sink: Sink<'_>) -> ControlFlow<()> {
        let mut others = self.others.drain(..).peekable();
        let mut kept = 0;
        self.spare.clear();
        for (before, event) in self.events.drain(..).enumerate() {
            while let Some((_, item)) = others.next_if(|(at, _)| *at <= before) {
                sink(item)?;
            }
            sink(LogItem::Event(event.clone()))?;
            let strings = event.value.data.iter();
            kept += strings.map(|datum| datum.value.capacity()).sum::<usize>();
            if kept < MOST_KEPT {
                self.spare.push(event);
            }
        }
        for (_, item) in others {
            sink(item)?;
        }
        ControlFlow::Continue(())
    }
}

impl Target for Batch {
    fn room(&mut self) -> &mut At<WindowsEvent> {
        self.room
            .get_or_insert_with(|| self.spare.pop().unwrap_or_else(empty))
    }

    fn keep(&mut self) -> ControlFlow<()> {
        self.events.extend(self.room.take());
        ControlFlow::Continue(())
    }

    fn other(&mut self, item: LogItem) -> ControlFlow<()> {
        self.others.push((self.events.len(), item));
        ControlFlow::Continue(())
    }
}

fn empty() -> Room {
    Box::new(At::new(WindowsEvent::default(), Locator::Whole))
}
