//! What is found beside operations.

use chrono::{DateTime, TimeDelta, Utc};
use sspr::render;

use super::settings::ConnectorAccount;
use crate::data::data;

data! {
    /// What is found beside operations.
    Summary in "sspr.roundtrip" is sspr::roundtrip::Summary {
        /// How the clocks differ, by machine.
        skews: Vec<Skew> = |it| it.skews.iter().cloned().map(Skew).collect(),
        /// The accounts that write passwords into the domain, and how that is known.
        connectors: Vec<Connector> = |it| it.connectors.iter().cloned().map(Connector).collect(),
        /// Passwords that were set in the domain by others, by time.
        outside: Vec<DomainSet> = |it| it.outside.iter().cloned().map(DomainSet).collect(),
        /// What each writeback service says of itself, by machine.
        services: Vec<Service> = |it| it.services.iter().cloned().map(Service).collect(),
        /// Events that were delivered again.
        repeated: u64 = |it| it.repeated,
        /// Events that came after the operations of their time had left: see `hold` of `Correlator`.
        late: u64 = |it| it.late,
    }

    /// For a terminal; empty when there is nothing to say. `width` counts columns.
    #[pyo3(signature = (*, width = 80, color = false))]
    fn to_text(&self, width: usize, color: bool) -> String {
        render::summary_text(&self.0, width, color)
    }
}

data! {
    /// How one clock differs from the one that all are compared with.
    Skew in "sspr.roundtrip" is sspr::roundtrip::Skew {
        /// The machine; `None` for the cloud.
        host: Option<&str> = |it| it.host.as_deref(),
        /// It is the clock that all others are compared with.
        reference: bool = |it| it.reference,
        /// How far it is ahead; half of the time it was less. `None` where no pair of events could be
        /// compared.
        offset: Option<TimeDelta> = |it| it.offset.map(TimeDelta::milliseconds),
        /// The least and the most over the whole time.
        range: Option<(TimeDelta, TimeDelta)> = |it| it.range.map(|(least, most)| {
            (TimeDelta::milliseconds(least), TimeDelta::milliseconds(most))
        }),
        /// Half of the pairs lie within so much of the offset at their time.
        spread: TimeDelta = |it| TimeDelta::milliseconds(it.spread),
        /// How many pairs of events were compared.
        pairs: u64 = |it| it.pairs,
        /// When the clock was set, as far as the pairs tell.
        steps: Vec<ClockStep> = |it| it.steps.iter().copied().map(ClockStep).collect(),
    }
}

data! {
    /// A clock was set.
    ClockStep in "sspr.roundtrip" is sspr::roundtrip::ClockStep {
        /// The last pair before it.
        after: DateTime<Utc> = |it| it.after,
        /// The first pair after it.
        before: DateTime<Utc> = |it| it.before,
        /// How far it was moved.
        by: TimeDelta = |it| TimeDelta::milliseconds(it.by),
    }
}

data! {
    /// An account that writes passwords into the domain.
    Connector in "sspr.roundtrip" is sspr::roundtrip::Connector {
        /// Which.
        account: ConnectorAccount = |it| ConnectorAccount(it.account.clone()),
        /// How it is known.
        known: HowKnown = |it| HowKnown(it.known),
    }
}

data! {
    /// How an account is known to be the connector account.
    HowKnown in "sspr.roundtrip" is sspr::roundtrip::HowKnown {
        /// `stated` where evidence says so; `name` where its name begins with `MSOL_`, `AAD_` or
        /// `pGMSA_`; `writes` where it set passwords where and when the service said that it had.
        kind: &'static str = |it| kind(*it),
        /// How many passwords it set beside an operation, where that is how it is known.
        matched: Option<u64> = |it| writes(*it).map(|(matched, _)| matched),
        /// Of how many passwords that it set at all.
        all: Option<u64> = |it| writes(*it).map(|(_, all)| all),
    }
}

fn kind(known: sspr::roundtrip::HowKnown) -> &'static str {
    match known {
        sspr::roundtrip::HowKnown::Stated => "stated",
        sspr::roundtrip::HowKnown::Name => "name",
        sspr::roundtrip::HowKnown::Writes { .. } => "writes",
    }
}

fn writes(known: sspr::roundtrip::HowKnown) -> Option<(u64, u64)> {
    match known {
        sspr::roundtrip::HowKnown::Writes { matched, all } => Some((matched, all)),
        _ => None,
    }
}

data! {
    /// A password that was set in the domain, and not by writeback.
    DomainSet in "sspr.roundtrip" is sspr::roundtrip::DomainSet {
        /// When, by the domain controller's own clock.
        at: DateTime<Utc> = |it| it.at,
        /// The account.
        account: &str = |it| &it.account,
        /// Its domain.
        domain: Option<&str> = |it| it.domain.as_deref(),
        /// Whose it is, where a list or an operation tells.
        user: Option<&str> = |it| it.user.as_deref(),
        /// Who set it; the person's own account for a change.
        by: Option<&str> = |it| it.by.as_deref(),
        /// The event id; `None` where only the directory's `pwdLastSet` tells.
        event: Option<u32> = |it| it.event,
        /// The domain controller.
        host: Option<&str> = |it| it.host.as_deref(),
        /// The number of the log it stands in, as that of a `Link`.
        source: u32 = |it| it.from.source.0,
        /// Where it stands in that log.
        place: String = |it| it.from.locator.to_string(),
    }
}

data! {
    /// What the writeback service of one machine says of itself.
    Service in "sspr.roundtrip" is sspr::roundtrip::Service {
        /// The machine.
        host: Option<&str> = |it| it.host.as_deref(),
        /// How many heartbeats (31019).
        heartbeats: u64 = |it| it.heartbeats,
        /// Stretches without one, while neighbours were there: longer than three of its usual
        /// intervals, and than 15 minutes. The longest hundred, by time.
        gaps: Vec<Gap> = |it| it.gaps.iter().copied().map(Gap).collect(),
        /// The times when it ran: from a start (31015), or the first sign of it, to a stop (31016), or
        /// the last sign. By time; the last hundred.
        up: Vec<Gap> = |it| it.up.iter().copied().map(Gap).collect(),
        /// How long it ran.
        up_time: TimeDelta = |it| TimeDelta::milliseconds(it.up_milliseconds),
        /// The time between its first and its last event.
        seen_time: TimeDelta = |it| TimeDelta::milliseconds(it.seen_milliseconds),
    }
}

data! {
    /// A stretch of time.
    Gap in "sspr.roundtrip" is sspr::roundtrip::Gap {
        /// Its start.
        start: DateTime<Utc> = |it| it.from,
        /// Its end.
        end: DateTime<Utc> = |it| it.to,
    }
}
