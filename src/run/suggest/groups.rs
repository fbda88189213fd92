//! Wordings of one thing → groups: `Số máy quét`, `Sô máy quét` (marks lost by a scan) and `Số lượng máy quét` fall together.
//!
//! Every wording meets only those that share two of its rarest words (blocking), most frequent wordings first (leader clustering), so
//! that time grows with the number of wordings and not with its square. Words are the same if they are equal, equal without marks, or
//! one letter apart where one of both is no Vietnamese syllable; what is left over on both sides makes two things of them.

use crate::run::suggest::wordings::Wording;
use crate::text::fold::bare_of_folded;
use crate::text::syllable::is_syllable;
use std::collections::HashMap;

/// Rarest words, two of which a wording must share with its like.
const BLOCKS: usize = 5;
/// Leaders looked at for one pair of words.
const LOOKED_AT: usize = 64;
/// Leaders compared with one wording.
const COMPARED: usize = 96;
/// Words compared; longer wordings are sentences.
const WORDS: usize = 60;
/// A wording of this many words may have one more than its like.
const LONG: usize = 6;

/// Words that say nothing by themselves.
pub const EMPTY_WORDS: [&str; 23] = [
    "số", "lượng", "tổng", "các", "được", "đã", "của", "và", "là", "có", "thì", "cho", "với", "trên", "tại", "theo",
    "về", "đạt", "trong", "ngoài", "do", "để", "những",
];

/// Wordings that mean one thing; the first is the most frequent.
#[derive(Debug, Clone)]
pub struct Group {
    /// Indexes into the list of wordings.
    pub members: Vec<usize>,
    /// Number of facts.
    pub facts: u64,
    /// Number of documents.
    pub documents: usize,
}

struct Prepared {
    bare: Vec<String>,
    /// The bare words as numbers.
    ids: Vec<u32>,
    /// For each word whether it says nothing by itself.
    empty: Vec<bool>,
    /// For each word whether it is a Vietnamese syllable.
    sound: Vec<bool>,
    /// One bit for each word: what one has and the other lacks is at least so many words.
    mask: u64,
}

/// Groups all wordings; most frequent group first.
pub fn group(wordings: &[Wording]) -> Vec<Group> {
    let mut ids: HashMap<String, u32> = HashMap::new();
    let prepared: Vec<Prepared> = wordings.iter().map(|w| Prepared::of(w, &mut ids)).collect();
    let mut frequency = vec![0u32; ids.len()];
    for words in &prepared {
        let mut seen = words.ids.clone();
        seen.sort_unstable();
        seen.dedup();
        seen.into_iter().for_each(|id| frequency[id as usize] += 1);
    }
    let mut order: Vec<usize> = (0..wordings.len()).collect();
    order.sort_by(|a, b| wordings[*b].facts.cmp(&wordings[*a].facts).then(a.cmp(b)));
    let mut leaders: HashMap<(u32, u32), Vec<usize>> = HashMap::new();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut met: Vec<usize> = Vec::new();
    // For each group the wording that met it last.
    let mut seen: Vec<u32> = Vec::new();
    for at in order {
        let words = &prepared[at];
        let blocks = words.blocks(&frequency);
        met.clear();
        // The rarest pair first: it says most.
        for group in blocks.iter().flat_map(|block| leaders.get(block).into_iter().flatten().take(LOOKED_AT)) {
            if met.len() == COMPARED {
                break;
            }
            if seen[*group] != at as u32 {
                seen[*group] = at as u32;
                met.push(*group);
            }
        }
        let same = |group: &&usize| {
            let leader = groups[**group][0];
            alike(&wordings[leader], &wordings[at]) && same(&prepared[leader], words)
        };
        match met.iter().find(same).copied() {
            Some(group) => groups[group].push(at),
            None => {
                for block in blocks {
                    leaders.entry(block).or_default().push(groups.len());
                }
                groups.push(vec![at]);
                seen.push(at as u32);
            }
        }
    }
    let mut out: Vec<Group> = groups.into_iter().map(|members| Group::of(members, wordings)).collect();
    out.sort_by(|a, b| (b.facts, b.documents).cmp(&(a.facts, a.documents)).then_with(|| a.members.cmp(&b.members)));
    out
}

impl Group {
    fn of(members: Vec<usize>, wordings: &[Wording]) -> Group {
        let mut documents: Vec<u32> = members.iter().flat_map(|m| wordings[*m].documents.iter().copied()).collect();
        documents.sort_unstable();
        documents.dedup();
        Group { facts: members.iter().map(|m| wordings[*m].facts).sum(), documents: documents.len(), members }
    }
}

impl Prepared {
    /// Pairs of its rarest words. Words that no Vietnamese text holds are damage, rare but shared with none: they are left out where
    /// enough others are there.
    fn blocks(&self, frequency: &[u32]) -> Vec<(u32, u32)> {
        let rarest = |sound: bool| {
            let words = self.ids.iter().zip(&self.sound).filter(|(_, is_sound)| !sound || **is_sound);
            let mut rare: Vec<u32> = words.map(|(id, _)| *id).collect();
            rare.sort_unstable_by_key(|id| (frequency[*id as usize], *id));
            rare.dedup();
            rare.truncate(BLOCKS);
            rare
        };
        let mut rare = rarest(true);
        if rare.len() < 2 {
            rare = rarest(false);
        }
        if let [one] = rare[..] {
            return vec![(one, one)];
        }
        let pairs =
            rare.iter().enumerate().flat_map(|(n, a)| rare[n + 1..].iter().map(move |b| (*a.min(b), *a.max(b))));
        pairs.collect()
    }

    fn of(wording: &Wording, ids: &mut HashMap<String, u32>) -> Prepared {
        let folded: Vec<String> = wording.words.iter().take(WORDS).cloned().collect();
        let bare: Vec<String> = folded.iter().map(|word| bare_of_folded(word)).collect();
        let mut id = |word: &String| {
            let next = ids.len() as u32;
            *ids.entry(word.clone()).or_insert(next)
        };
        let empty = folded.iter().map(|word| EMPTY_WORDS.contains(&word.as_str())).collect();
        let ids: Vec<u32> = bare.iter().map(&mut id).collect();
        let mask = ids.iter().fold(0, |mask, id| mask | 1 << (id % 64));
        let sound = folded.iter().map(|word| is_syllable(word)).collect();
        Prepared { ids, empty, sound, bare, mask }
    }
}

/// Whether two wordings may be one: both rows or both sentences, figures of one nature.
fn alike(a: &Wording, b: &Wording) -> bool {
    a.table == b.table && (a.kind == b.kind || !is_measured(a) && !is_measured(b))
}

fn is_measured(wording: &Wording) -> bool {
    use crate::model::Kind::*;
    matches!(wording.kind, Percent | Money | Score | Area | Text | Change)
}

fn same(a: &Prepared, b: &Prepared) -> bool {
    let (n, m) = (a.bare.len(), b.bare.len());
    if n == 0 || m == 0 {
        return n == m;
    }
    // More damage than this is another label.
    let most = 2 + n.min(m) / 3;
    if n.abs_diff(m) > 4
        || (a.mask & !b.mask).count_ones() as usize > most
        || (b.mask & !a.mask).count_ones() as usize > most
    {
        return false;
    }
    let mut taken = vec![false; m];
    let mut left = Vec::new();
    for (at, id) in a.ids.iter().enumerate() {
        match (0..m).find(|&j| !taken[j] && b.ids[j] == *id) {
            Some(j) => taken[j] = true,
            None => left.push(at),
        }
    }
    if left.len() > most {
        return false;
    }
    let mut left_a = 0;
    for at in left {
        let found = (0..m).find(|&j| !taken[j] && (!a.sound[at] || !b.sound[j]) && near(&a.bare[at], &b.bare[j]));
        match found {
            Some(j) => taken[j] = true,
            None if a.empty[at] => {}
            None => left_a += 1,
        }
    }
    let left_b = (0..m).filter(|&j| !taken[j] && !b.empty[j]).count();
    let more = usize::from(n.min(m) >= LONG);
    left_a.min(left_b) == 0 && left_a.max(left_b) <= more
}

/// One letter replaced, lost or added.
fn near(a: &str, b: &str) -> bool {
    a.len() >= 2 && b.len() >= 2 && a.len().abs_diff(b.len()) <= 1 && strsim::levenshtein(a, b) <= 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Kind;
    use crate::run::suggest::wordings::words_of;
    use std::collections::BTreeMap;

    fn wording(label: &str, facts: u64) -> Wording {
        Wording {
            label: label.to_string(),
            words: words_of(label),
            table: true,
            kind: Kind::Count,
            facts,
            documents: vec![facts as u32],
            units: BTreeMap::new(),
            above: BTreeMap::new(),
            below: BTreeMap::new(),
            examples: Vec::new(),
        }
    }

    fn groups_of(labels: &[&str]) -> Vec<Vec<usize>> {
        let all: Vec<Wording> = labels.iter().enumerate().map(|(n, l)| wording(l, 100 - n as u64)).collect();
        group(&all).into_iter().map(|g| g.members).collect()
    }

    #[test]
    fn damage_and_empty_words_fall_together() {
        let labels = [
            "Số máy quét được trang bị",
            "Sô máy quet được trang bị",
            "Số lượng máy quét đã trang bị",
            "Số máy qụét được trang bị",
        ];
        assert_eq!(groups_of(&labels), [vec![0, 1, 2, 3]]);
    }

    #[test]
    fn other_words_are_other_things() {
        let labels =
            ["Số hồ sơ giải quyết đúng hạn", "Số hồ sơ giải quyết quá hạn", "Số hồ sơ giải quyết", "Số máy quét"];
        assert_eq!(groups_of(&labels).len(), 4);
    }

    #[test]
    fn many_wordings_take_little_time() {
        let all: Vec<Wording> =
            (0..5_000).map(|n| wording(&format!("Số hồ sơ loại {} đã giải quyết", spelt(n)), 1 + n % 7)).collect();
        let start = std::time::Instant::now();
        let groups = group(&all);
        assert_eq!(groups.iter().map(|g| g.members.len()).sum::<usize>(), all.len());
        assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    }

    fn spelt(mut n: u64) -> String {
        let mut out = String::new();
        for _ in 0..4 {
            out.push((b'a' + (n % 26) as u8) as char);
            n /= 26;
        }
        out
    }
}
