//! Who an account is: the groups that its token holds.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use sspr::directory::security::{Sid, Token, well_known};

use crate::deviations;
use crate::tally::Tally;

/// Groups in groups, and accounts in them.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TokenWorld {
    /// The security groups that each group, account or well-known SID is directly in, primary
    /// groups included.
    pub(crate) member_of: BTreeMap<Sid, Vec<Sid>>,
    pub(crate) accounts: Vec<TokenCase>,
}

/// An account.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TokenCase {
    pub(crate) sid: Sid,
    /// `tokenGroups` of the rootDSE over its own connection.
    pub(crate) token: BTreeSet<Sid>,
}

pub(crate) fn judge(world: &TokenWorld, tally: &mut Tally) {
    let member_of: HashMap<_, _> = world.member_of.clone().into_iter().collect();
    for case in &world.accounts {
        let token = Token::from_memberships(case.sid, None, [], &member_of);
        let mut predicted: BTreeSet<_> = token.sids().copied().collect();
        if predicted != case.token && predicted.remove(&well_known::THIS_ORGANIZATION) {
            tally.excused(&[&deviations::THIS_ORGANIZATION]);
        }
        if predicted == case.token {
            tally.agrees("token agrees");
        } else {
            tally.fails(format!(
                "the token of {} has {:?}, and should not have {:?}, by {world:?}",
                case.sid,
                case.token.difference(&predicted),
                predicted.difference(&case.token),
            ));
        }
    }
}
