//! The general decoder, for the records that the fast way declines: the `evtx` crate renders them
//! as XML, which is read as any other XML of events is.

use std::sync::Arc;

use evtx::err::{ChunkError, EvtxError};
use evtx::{EvtxChunkData, ParserSettings};
use hashbrown::HashMap;
use memchr::memmem;

use super::chunk::{CHUNK, RECORD_HEADER, Record};
use crate::error::Error;
use crate::events::{WindowsEvent, parse_event};
use crate::evidence::Locator;

/// The records of a chunk as XML, by where they stand.
pub(super) struct General {
    records: HashMap<u64, String>,
    /// What was wrong with a record, by its id.
    faults: HashMap<u64, String>,
    /// What was wrong with the chunk.
    fault: Option<String>,
}

impl General {
    /// Renders a chunk whose records were found, the last of them being `last`.
    pub(super) fn of(chunk: &[u8], last: Record) -> Self {
        let mut general = Self {
            records: HashMap::new(),
            faults: HashMap::new(),
            fault: None,
        };
        if let Err(fault) = general.render(header_for(chunk, last)) {
            // A table of names that is broken: they are found without it too.
            let mut chunk = header_for(chunk, last);
            if let Some(tables) = chunk.get_mut(128..512) {
                tables.fill(0);
            }
            general.fault = general.render(chunk).err().map(|_| innermost(&fault));
        }
        general
    }

    fn render(&mut self, chunk: Vec<u8>) -> Result<(), ChunkError> {
        let settings = ParserSettings::default().indent(false).num_threads(1);
        let mut data = EvtxChunkData::new(chunk, false)?;
        let mut chunk = data.parse(Arc::new(settings))?;
        for record in chunk.iter() {
            let rendered = record.and_then(|record| {
                let at = record.binxml_offset;
                record.into_xml().map(|xml| (at, xml.data))
            });
            match rendered {
                Ok((at, xml)) => {
                    self.records.insert(at, xml);
                }
                Err(EvtxError::FailedToParseRecord { record_id, source }) => {
                    self.faults.insert(record_id, innermost(&source));
                }
                // Where no record stands was found out before.
                Err(_) => {}
            }
        }
        Ok(())
    }

    /// The event of a record.
    pub(super) fn event(&self, record: Record) -> Result<WindowsEvent, Error> {
        let fault = |message: &str| Error::syntax(Locator::Whole, message);
        match self.records.get(&((record.at + RECORD_HEADER) as u64)) {
            Some(xml) => {
                let start = memmem::find(xml.as_bytes(), b"<Event").unwrap_or_default();
                parse_event(xml.get(start..).unwrap_or_default().trim_end())
            }
            None => Err(fault(
                self.faults
                    .get(&record.id)
                    .or(self.fault.as_ref())
                    .map_or("its content cannot be read", String::as_str),
            )),
        }
    }
}

/// What went wrong, without what it led to.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    format!("its content is damaged: {cause}")
}

/// A copy of a chunk whose header lets all its records be walked that were found.
fn header_for(chunk: &[u8], last: Record) -> Vec<u8> {
    let mut copy = chunk.to_vec();
    let mut put = |at: usize, bytes: &[u8]| {
        if let Some(slot) = copy.get_mut(at..at + bytes.len()) {
            slot.copy_from_slice(bytes);
        }
    };
    let offset = |at: usize| {
        u32::try_from(at.min(CHUNK))
            .unwrap_or_default()
            .to_le_bytes()
    };
    put(0, b"ElfChnk\0");
    put(24, &0_u64.to_le_bytes());
    put(32, &u64::MAX.to_le_bytes());
    put(44, &offset(last.at));
    put(48, &offset(last.end()));
    copy
}
