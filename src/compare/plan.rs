//! Which documents are looked at together: a district with its communes, or one office; some clusters at a time.
//!
//! In: the documents. Out: clusters of two and more documents, in batches bounded by the facts that they hold, so that what is kept in
//! memory does not depend on the size of the dataset. A cluster is never cut: its relations would be lost.

use crate::compare::cause::{self, Finding};
use crate::compare::document::Filed;
use crate::compare::figure::{Figure, Keys, Number, figures};
use crate::compare::filing;
use crate::compare::relation::Cluster;
use crate::rules::RuleSet;
use std::collections::HashMap;
use std::ops::Range;

/// Facts of the documents in one batch, at most (or those of one cluster): 48 bytes are kept of each. Fewer would read the file more
/// often where a unit's reports lie far apart.
const BATCH_FACTS: u64 = 4_000_000;

/// The documents of some clusters, by index.
pub(crate) type Batch = Vec<Vec<u32>>;

/// What is to be looked at.
pub(crate) struct Plan {
    clusters: Vec<Vec<u32>>,
    batches: Vec<Batch>,
    units: HashMap<u32, u32>,
    copies: Vec<Finding>,
    versions: Vec<u32>,
}

impl Plan {
    /// Finds the clusters.
    pub fn new(filed: &[Filed]) -> Plan {
        let (copies, again) = filing::same_files(filed);
        let (mut units, mut names): (HashMap<u32, u32>, HashMap<String, u32>) = Default::default();
        let mut homes: HashMap<String, usize> = HashMap::new();
        let mut clusters: Vec<Vec<u32>> = Vec::new();
        for (doc, report) in (0u32..).zip(filed) {
            let Some(unit) = report.unit().filter(|_| !again.contains(&doc)) else { continue };
            let home = report.district_code().map_or_else(|| unit.clone(), |code| format!("district {code}"));
            let next = u32::try_from(names.len()).unwrap_or(u32::MAX);
            units.insert(doc, *names.entry(unit).or_insert(next));
            let cluster = *homes.entry(home).or_insert(clusters.len());
            if cluster == clusters.len() {
                clusters.push(Vec::new());
            }
            if let Some(cluster) = clusters.get_mut(cluster) {
                cluster.push(doc);
            }
        }
        clusters.retain(|cluster| cluster.len() > 1);
        let groups = clusters.iter().flat_map(|cluster| filing::groups(filed, cluster, &units));
        let versions = groups.flatten().collect();
        let batches = batches(&clusters, filed);
        Plan { clusters, batches, units, copies, versions }
    }

    /// Findings about files with the same bytes.
    pub fn copies(&mut self) -> Vec<Finding> {
        std::mem::take(&mut self.copies)
    }

    /// Documents that may be versions of one report.
    pub fn versions(&self) -> Vec<u32> {
        self.versions.clone()
    }

    /// How many documents have another one to be compared with.
    pub fn compared(&self) -> usize {
        self.clusters.iter().map(Vec::len).sum()
    }

    /// Clusters to be looked at one batch after the other.
    pub fn batches(&self) -> Vec<Batch> {
        self.batches.clone()
    }

    /// The number of relations in a batch, and what was found.
    pub fn look(
        &self,
        filed: &[Filed],
        rules: &RuleSet,
        keys: &Keys,
        batch: &Batch,
        numbers: &mut [Number],
        replaced: &HashMap<u32, Vec<String>>,
    ) -> (usize, Vec<Finding>) {
        numbers.sort_unstable_by_key(|n| (n.doc, n.row));
        let mut some: Vec<Number> = Vec::new();
        let (mut relations, mut found) = (0, Vec::new());
        for cluster in batch {
            let mut docs = cluster.clone();
            docs.sort_unstable();
            some.clear();
            for doc in &docs {
                let from = numbers.partition_point(|n| n.doc < *doc);
                let to = numbers.partition_point(|n| n.doc <= *doc);
                some.extend_from_slice(numbers.get(from..to).unwrap_or_default());
            }
            let mut own: Vec<Figure> = figures(&mut some);
            let settled = filing::settle(filed, filing::groups(filed, &docs, &self.units), &own, replaced);
            own.retain(|f| !settled.out.contains(&f.doc) && !settled.disputed.contains(&(f.doc, f.key, f.window)));
            found.extend(settled.findings);
            let cluster = Cluster { filed, rules, keys, figures: &own, units: &self.units };
            let looked = cluster.relations();
            relations += looked.len();
            found.extend(cause::findings(&own, &looked));
        }
        (relations, found)
    }
}

fn batches(clusters: &[Vec<u32>], filed: &[Filed]) -> Vec<Batch> {
    let (mut out, mut held): (Vec<Batch>, u64) = (Vec::new(), 0);
    for cluster in clusters {
        let facts = cluster.iter().filter_map(|d| filed.get(*d as usize)).map(|f| f.facts).sum::<u64>();
        match out.last_mut().filter(|_| held + facts <= BATCH_FACTS) {
            Some(batch) => {
                batch.push(cluster.clone());
                held += facts;
            }
            None => {
                out.push(vec![cluster.clone()]);
                held = facts;
            }
        }
    }
    out
}

/// From a row of `facts` to its document, while rows ascend.
pub(crate) struct Place<'a> {
    filed: &'a [Filed],
    wanted: Vec<u32>,
    at: usize,
}

impl<'a> Place<'a> {
    /// The documents of a batch.
    pub fn new(filed: &'a [Filed], batch: &Batch) -> Place<'a> {
        let mut wanted: Vec<u32> = batch.iter().flatten().copied().collect();
        wanted.sort_unstable();
        Place { filed, wanted, at: 0 }
    }

    fn document(&self, at: usize) -> Option<(u32, &'a Filed)> {
        let doc = *self.wanted.get(at)?;
        Some((doc, self.filed.get(doc as usize)?))
    }

    /// The rows that hold all of them.
    pub fn rows(&self) -> Range<u64> {
        let first = self.document(0).map_or(0, |(_, filed)| filed.first);
        let last = self.wanted.len().checked_sub(1).and_then(|at| self.document(at));
        first..last.map_or(0, |(_, filed)| filed.first + filed.facts)
    }

    /// The document of a row, if it is one of them.
    pub fn of(&mut self, row: u64) -> Option<(u32, &'a Filed)> {
        while self.document(self.at).is_some_and(|(_, filed)| filed.first + filed.facts <= row) {
            self.at += 1;
        }
        self.document(self.at).filter(|(_, filed)| filed.first <= row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Level;

    fn filed(issuer: &str, level: Level, code: &str, first: u64, facts: u64) -> Filed {
        Filed {
            issuer: Some(issuer.into()),
            level: Some(level),
            entity_code: Some(code.into()),
            first,
            facts,
            ..Filed::default()
        }
    }

    #[test]
    fn communes_stand_with_their_district() {
        let all = [
            filed("UBND xã Hòa Tiến", Level::Commune, "20326", 0, 5),
            filed("UBND tỉnh Phú Yên", Level::Province, "54", 5, 7),
            filed("UBND huyện Hòa Vang", Level::District, "497", 12, 1),
        ];
        let plan = Plan::new(&all);
        assert_eq!(plan.batches(), vec![vec![vec![0, 2]]]);
        assert_eq!(plan.compared(), 2);
        let batch = &plan.batches()[0];
        let mut place = Place::new(&all, batch);
        assert_eq!(place.rows(), 0..13);
        let found: Vec<Option<u32>> = [0, 4, 5, 11, 12].iter().map(|row| place.of(*row).map(|d| d.0)).collect();
        assert_eq!(found, [Some(0), Some(0), None, None, Some(2)]);
    }

    #[test]
    fn a_batch_is_bounded_and_no_cluster_is_cut() {
        let half = BATCH_FACTS / 2;
        let all: Vec<Filed> = (0..8).map(|_| filed("x", Level::Province, "1", 0, half)).collect();
        let clusters: Vec<Vec<u32>> = (0..4).map(|n| vec![2 * n, 2 * n + 1]).collect();
        assert_eq!(batches(&clusters, &all).len(), 4);
        let one: Vec<Vec<u32>> = (0..4).map(|n| vec![n]).collect();
        assert_eq!(batches(&one, &all).iter().map(Vec::len).collect::<Vec<_>>(), [2, 2]);
    }
}
