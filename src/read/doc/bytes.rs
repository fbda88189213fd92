//! Little-endian numbers out of a stream, None beyond its end.

/// One byte.
pub fn u8_at(bytes: &[u8], at: usize) -> Option<u8> {
    bytes.get(at).copied()
}

/// Two bytes.
pub fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let pair = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes([pair[0], pair[1]]))
}

/// Four bytes.
pub fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
}

/// A part of a stream, by offset and length.
pub fn part(bytes: &[u8], at: u32, length: u32) -> Option<&[u8]> {
    let at = at as usize;
    bytes.get(at..at.checked_add(length as usize)?)
}

/// A list of positions and the fixed-size data between them (the format's PLC): `n + 1` positions, then `n` items.
#[derive(Debug, Clone, Copy)]
pub struct Plc<'a> {
    bytes: &'a [u8],
    size: usize,
    /// Number of items.
    pub count: usize,
}

impl<'a> Plc<'a> {
    /// A list whose items have `size` bytes.
    pub fn new(bytes: &'a [u8], size: usize) -> Plc<'a> {
        Plc { bytes, size, count: bytes.len().saturating_sub(4) / (4 + size) }
    }
    /// Position `index`, up to and including `count`.
    pub fn position(&self, index: usize) -> Option<u32> {
        if index > self.count { None } else { u32_at(self.bytes, 4 * index) }
    }
    /// Item `index`.
    pub fn item(&self, index: usize) -> Option<&'a [u8]> {
        let from = 4 * (self.count + 1) + self.size * index;
        if index >= self.count { None } else { self.bytes.get(from..from + self.size) }
    }
}
