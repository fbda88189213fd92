//! Wordings of one thing → groups: `Số máy quét`, `Sô máy quét` (marks lost by a scan) and `Số lượng máy quét` fall together.
//!
//! Every wording meets only those that share one of its rarest words (blocking), most frequent wordings first (leader clustering), so
//! that time grows with the number of wordings and not with its square. Words are the same if they are equal, equal without marks, or
//! one letter apart where one of both is no Vietnamese syllable; what is left over on both sides makes two things of them.

use crate::run::suggest::wordings::Wording;
use crate::text::fold::bare_of_folded;
use crate::text::syllable::is_syllable;
use std::collections::HashMap;

/// Rarest words by which a wording looks for its like.
const BLOCKS: usize = 4;
/// Leaders looked at for one word.
const LOOKED_AT: usize = 256;
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
    folded: Vec<String>,
    bare: Vec<String>,
    /// The bare words as numbers.
    ids: Vec<u32>,
    /// For each word whether it says nothing by itself.
    empty: Vec<bool>,
}

/// Groups all wordings; most frequent group first.
pub fn group(wordings: &[Wording]) -> Vec<Group> {
    let mut ids: HashMap<String, u32> = HashMap::new();
    let prepared: Vec<Prepared> = wordings.iter().map(|w| Prepared::of(w, &mut ids)).collect();
    let mut frequency: HashMap<&str, u32> = HashMap::new();
    for words in &prepared {
        let mut seen: Vec<&str> = words.bare.iter().map(String::as_str).collect();
        seen.sort_unstable();
        seen.dedup();
        for word in seen {
            *frequency.entry(word).or_default() += 1;
        }
    }
    let mut order: Vec<usize> = (0..wordings.len()).collect();
    order.sort_by(|a, b| wordings[*b].facts.cmp(&wordings[*a].facts).then(a.cmp(b)));
    let mut leaders: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut met: Vec<usize> = Vec::new();
    for at in order {
        let words = &prepared[at];
        let mut rare: Vec<&str> = words.bare.iter().map(String::as_str).filter(|w| frequency[w] > 1).collect();
        rare.sort_unstable_by(|a, b| frequency[a].cmp(&frequency[b]).then(a.cmp(b)));
        rare.dedup();
        met.clear();
        for word in rare.iter().take(BLOCKS) {
            met.extend(leaders.get(word).into_iter().flatten().take(LOOKED_AT));
        }
        met.sort_unstable();
        met.dedup();
        let same = |group: &&usize| {
            let leader = groups[**group][0];
            alike(&wordings[leader], &wordings[at]) && same(&prepared[leader], words)
        };
        match met.iter().find(same).copied() {
            Some(group) => groups[group].push(at),
            None => {
                let group = groups.len();
                groups.push(vec![at]);
                rare.extend(words.bare.iter().map(String::as_str).filter(|w| frequency[w] == 1));
                for word in rare {
                    leaders.entry(word).or_default().push(group);
                }
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
    fn of(wording: &Wording, ids: &mut HashMap<String, u32>) -> Prepared {
        let folded: Vec<String> = wording.words.iter().take(WORDS).cloned().collect();
        let bare: Vec<String> = folded.iter().map(|word| bare_of_folded(word)).collect();
        let mut id = |word: &String| {
            let next = ids.len() as u32;
            *ids.entry(word.clone()).or_insert(next)
        };
        let empty = folded.iter().map(|word| EMPTY_WORDS.contains(&word.as_str())).collect();
        Prepared { ids: bare.iter().map(&mut id).collect(), empty, folded, bare }
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
    if n.abs_diff(m) > 4 {
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
    // More damage than this is another label.
    if left.len() > 2 + n / 2 {
        return false;
    }
    let mut left_a = 0;
    for at in left {
        let found = (0..m).find(|&j| !taken[j] && near((&a.bare[at], &a.folded[at]), (&b.bare[j], &b.folded[j])));
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

/// One letter replaced, lost or added, where one of both words cannot be Vietnamese.
fn near(a: (&str, &str), b: (&str, &str)) -> bool {
    let (n, m) = (a.0.len(), b.0.len());
    n >= 2
        && m >= 2
        && n.abs_diff(m) <= 1
        && (!is_syllable(a.1) || !is_syllable(b.1))
        && strsim::levenshtein(a.0, b.0) <= 1
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
