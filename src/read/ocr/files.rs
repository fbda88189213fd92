//! An image file in (PNG, JPEG, TIFF of many pages), page images out, one at a time.
//!
//! Sizes are looked at before anything is decoded; larger images are refused. The resolution that the file states is used where a
//! sheet of paper comes out; else the image is taken for an A4 sheet.

use super::gray::Gray;
use super::page::PageImage;
use super::pages::MAX_PIXELS;
use crate::error::ReadError;
use image::ImageDecoder;
use image::metadata::Orientation;
use std::io::Cursor;
use tiff::ColorType;
use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::tags::Tag;

/// Sides and areas beyond which an image is refused.
const MAX_SIDE: u32 = 30_000;
/// Long side of A4 in inches.
const A4: f32 = 11.69;
/// Memory that a decoder may take.
const MAX_MEMORY: u64 = 400 << 20;

/// The kinds of image files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// TIFF.
    Tiff,
}

/// What a file is by its first bytes.
pub fn kind(bytes: &[u8]) -> Option<Kind> {
    match bytes {
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some(Kind::Png),
        [0xff, 0xd8, 0xff, ..] => Some(Kind::Jpeg),
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Some(Kind::Tiff),
        _ => None,
    }
}

fn damaged(why: impl std::fmt::Display) -> ReadError {
    ReadError::new(
        "read/damaged",
        format!("tệp ảnh bị hỏng hoặc bị cắt: {why}"),
        format!("the image is damaged or cut off: {why}"),
    )
}

fn check(width: u32, height: u32) -> Result<(), ReadError> {
    if width == 0 || height == 0 {
        return Err(damaged("0 × 0"));
    }
    if width > MAX_SIDE || height > MAX_SIDE || u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(ReadError::new(
            "read/too-large",
            format!("ảnh có {width} × {height} điểm, giới hạn là {} triệu điểm", MAX_PIXELS / 1_000_000),
            format!("the image has {width} × {height} pixels, the limit is {} million", MAX_PIXELS / 1_000_000),
        ));
    }
    Ok(())
}

/// Points per pixel: from the stated resolution if a sheet of paper comes out, else from A4.
fn scale(width: usize, height: usize, dpi: Option<(f32, f32)>) -> (f32, f32) {
    let (w, h) = (width as f32, height as f32);
    let plausible = |d: &(f32, f32)| {
        let (x, y) = (w / d.0, h / d.1);
        (60.0..2500.0).contains(&d.0)
            && (0.5..2.0).contains(&(d.0 / d.1))
            && (3.0..18.5).contains(&x)
            && (3.0..18.5).contains(&y)
    };
    match dpi.filter(plausible) {
        Some((x, y)) => (72.0 / x, 72.0 / y),
        None => {
            let s = 72.0 * A4 / w.max(h);
            (s, s)
        }
    }
}

/// What is known of a file when its pages have been given out.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Pages {
    /// How many there are.
    pub count: u32,
    /// Those that could not be decoded.
    pub lost: Vec<u32>,
    /// The file ends before its picture does; decoders fill the rest with gray.
    pub cut: bool,
}

/// Gives each page of the file to `take`; stops when it says no. An error only if no page can be decoded.
pub fn each(bytes: &[u8], kind: Kind, mut take: impl FnMut(PageImage) -> bool) -> Result<Pages, ReadError> {
    match kind {
        Kind::Tiff => tiff_pages(bytes, take),
        Kind::Png => {
            let decoder = image::codecs::png::PngDecoder::new(Cursor::new(bytes)).map_err(damaged)?;
            take(one(decoder, png_dpi(bytes))?);
            Ok(Pages { count: 1, ..Pages::default() })
        }
        Kind::Jpeg => {
            let decoder = image::codecs::jpeg::JpegDecoder::new(Cursor::new(bytes)).map_err(damaged)?;
            take(one(decoder, jpeg_dpi(bytes))?);
            Ok(Pages { count: 1, cut: memchr::memmem::rfind(bytes, b"\xff\xd9").is_none(), ..Pages::default() })
        }
    }
}

fn one(mut decoder: impl ImageDecoder, dpi: Option<(f32, f32)>) -> Result<PageImage, ReadError> {
    let (width, height) = decoder.dimensions();
    check(width, height)?;
    let mut limits = image::Limits::default();
    limits.max_alloc = Some(MAX_MEMORY);
    decoder.set_limits(limits).map_err(damaged)?;
    let turn = match decoder.orientation().unwrap_or(Orientation::NoTransforms) {
        Orientation::Rotate90 => 1,
        Orientation::Rotate180 => 2,
        Orientation::Rotate270 => 3,
        _ => 0,
    };
    let color = decoder.color_type();
    let picture = image::DynamicImage::from_decoder(decoder).map_err(damaged)?;
    let (w, h) = (width as usize, height as usize);
    let gray = match (color.has_alpha(), color.has_color()) {
        (true, _) => Gray::from_rgb(w, h, picture.to_rgba8().as_raw(), 4),
        (false, true) => Gray::from_rgb(w, h, picture.to_rgb8().as_raw(), 3),
        (false, false) => Gray::from_luma(w, h, picture.to_luma8().into_raw()),
    };
    let gray = gray.ok_or_else(|| damaged("pixels"))?.turned(turn);
    let dpi = if turn % 2 == 1 { dpi.map(|(x, y)| (y, x)) } else { dpi };
    let scale = scale(gray.width, gray.height, dpi);
    Ok(PageImage { page: 1, gray, scale })
}

/// Resolution by the pHYs chunk, which stands before the pixels.
fn png_dpi(bytes: &[u8]) -> Option<(f32, f32)> {
    let at = memchr::memmem::find(&bytes[..bytes.len().min(4096)], b"pHYs")? + 4;
    let field = bytes.get(at..at + 9)?;
    let per_metre = |f: &[u8]| f.iter().fold(0u32, |n, b| n << 8 | u32::from(*b)) as f32 * 0.0254;
    (field[8] == 1).then(|| (per_metre(&field[..4]), per_metre(&field[4..8])))
}

/// Resolution by the JFIF header.
fn jpeg_dpi(bytes: &[u8]) -> Option<(f32, f32)> {
    let at = memchr::memmem::find(&bytes[..bytes.len().min(64)], b"JFIF\0")? + 5;
    let field = bytes.get(at..at + 7)?;
    let (x, y) =
        (f32::from(u16::from_be_bytes([field[3], field[4]])), f32::from(u16::from_be_bytes([field[5], field[6]])));
    match field[2] {
        1 => Some((x, y)),
        2 => Some((x * 2.54, y * 2.54)),
        _ => None,
    }
}

fn tiff_pages(bytes: &[u8], mut take: impl FnMut(PageImage) -> bool) -> Result<Pages, ReadError> {
    let mut limits = Limits::default();
    limits.decoding_buffer_size = MAX_MEMORY as usize;
    limits.intermediate_buffer_size = MAX_MEMORY as usize;
    let mut decoder = Decoder::new(Cursor::new(bytes)).map_err(damaged)?.with_limits(limits);
    let mut pages = Pages::default();
    let mut wrong: Option<ReadError> = None;
    // The list of pages of a damaged file may have no end.
    const MAX_IMAGES: usize = 2_000;
    for _ in 0..MAX_IMAGES {
        pages.count += 1;
        match tiff_page(&mut decoder, pages.count) {
            Ok(image) => {
                if !take(image) {
                    break;
                }
            }
            Err(error) => {
                pages.lost.push(pages.count);
                wrong.get_or_insert(error);
            }
        }
        if !decoder.more_images() {
            break;
        }
        if decoder.next_image().is_err() {
            pages.cut = true;
            break;
        }
    }
    match wrong {
        Some(error) if pages.lost.len() == pages.count as usize => Err(error),
        _ => Ok(pages),
    }
}

fn tiff_page(decoder: &mut Decoder<Cursor<&[u8]>>, page: u32) -> Result<PageImage, ReadError> {
    let (width, height) = decoder.dimensions().map_err(damaged)?;
    check(width, height)?;
    let (w, h) = (width as usize, height as usize);
    let color = decoder.colortype().map_err(damaged)?;
    let unit = decoder.find_tag_unsigned::<u32>(Tag::ResolutionUnit).ok().flatten().unwrap_or(2);
    let mut resolution = |tag| {
        use tiff::decoder::ifd::Value;
        match decoder.find_tag(tag).ok().flatten()? {
            Value::Rational(n, d) if d > 0 => Some(n as f32 / d as f32 * if unit == 3 { 2.54 } else { 1.0 }),
            Value::Float(v) => Some(v),
            _ => None,
        }
    };
    let dpi = resolution(Tag::XResolution).zip(resolution(Tag::YResolution)).filter(|_| unit != 1);
    let data = match decoder.read_image().map_err(damaged)? {
        DecodingResult::U8(data) => data,
        DecodingResult::U16(data) => data.into_iter().map(|v| (v >> 8) as u8).collect(),
        _ => return Err(damaged("unusual samples")),
    };
    let gray = match color {
        ColorType::Gray(bits @ (1 | 2 | 4)) => {
            // Rows of packed pixels, each begun at a whole byte.
            let bits = usize::from(bits);
            let (row, most) = ((w * bits).div_ceil(8), (1u16 << bits) - 1);
            let mut out = Vec::with_capacity(w * h);
            for line in data.chunks(row.max(1)).take(h) {
                out.extend((0..w).map(|x| {
                    let at = x * bits;
                    let byte = u16::from(line.get(at / 8).copied().unwrap_or(255));
                    ((byte >> (8 - bits - at % 8) & most) * 255 / most) as u8
                }));
            }
            Gray::from_luma(w, h, out)
        }
        ColorType::Gray(_) => Gray::from_luma(w, h, data),
        ColorType::RGB(_) => Gray::from_rgb(w, h, &data, 3),
        ColorType::RGBA(_) => Gray::from_rgb(w, h, &data, 4),
        ColorType::GrayA(_) => Gray::from_luma(w, h, data.chunks(2).map(|p| p[0]).collect()),
        ColorType::YCbCr(_) => Gray::from_luma(w, h, data.chunks(3).map(|p| p[0]).collect()),
        ColorType::CMYK(_) => {
            let light = |p: &[u8]| {
                let [c, m, y, k] = [0, 1, 2, 3].map(|i| 255 - u32::from(p.get(i).copied().unwrap_or(0)));
                ((c * 77 + m * 150 + y * 29) / 256 * k / 255) as u8
            };
            Gray::from_luma(w, h, data.chunks(4).map(light).collect())
        }
        _ => None,
    };
    let gray = gray.ok_or_else(|| damaged("unusual colours"))?;
    let scale = scale(w, h, dpi);
    Ok(PageImage { page, gray, scale })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tiff::encoder::{TiffEncoder, colortype};

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        image::GrayImage::from_fn(width, height, |x, _| image::Luma([(x % 256) as u8]))
            .write_to(&mut out, image::ImageFormat::Png)
            .unwrap();
        out.into_inner()
    }

    #[test]
    fn a_png_without_resolution_is_a_sheet_of_a4() {
        let bytes = png(827, 1169);
        assert_eq!(kind(&bytes), Some(Kind::Png));
        let mut seen = Vec::new();
        assert_eq!(
            each(&bytes, Kind::Png, |p| {
                seen.push(p);
                true
            })
            .unwrap()
            .count,
            1
        );
        assert_eq!((seen[0].gray.width, seen[0].gray.at(200, 5)), (827, 200));
        assert!((seen[0].scale.0 - 0.72).abs() < 0.001);
        let cut = each(&bytes[..bytes.len() / 2], Kind::Png, |_| true).unwrap_err();
        assert_eq!(cut.code, "read/damaged");
    }

    #[test]
    fn all_pages_of_a_tiff() {
        let mut file = Cursor::new(Vec::new());
        let mut encoder = TiffEncoder::new(&mut file).unwrap();
        for value in [10u8, 200] {
            encoder.write_image::<colortype::Gray8>(40, 30, &vec![value; 1200]).unwrap();
        }
        let bytes = file.into_inner();
        let mut seen = Vec::new();
        let pages = each(&bytes, kind(&bytes).unwrap(), |p| {
            seen.push((p.page, p.gray.at(3, 3)));
            true
        })
        .unwrap();
        assert_eq!(pages, Pages { count: 2, ..Pages::default() });
        assert_eq!(seen, [(1, 10), (2, 200)]);
    }

    #[test]
    fn giants_are_refused_before_decoding() {
        // The header of a PNG that claims to be 40,000 pixels wide.
        let mut bytes = png(10, 10);
        bytes[16..20].copy_from_slice(&40_000u32.to_be_bytes());
        let error = each(&bytes, Kind::Png, |_| true).unwrap_err();
        assert!(matches!(error.code, "read/too-large" | "read/damaged"), "{error}");
        assert_eq!(check(30_000, 30_000).unwrap_err().code, "read/too-large");
        assert!(check(4960, 7016).is_ok());
    }

    #[test]
    fn stated_resolutions() {
        assert_eq!(scale(1654, 2339, Some((200.0, 200.0))), (0.36, 0.36));
        // 72 dpi, as cameras and screens say, would be a poster.
        assert!((scale(1654, 2339, Some((72.0, 72.0))).0 - 0.3599).abs() < 0.01);
        assert_eq!(png_dpi(b"\x89PNG....pHYs\0\0\x1e\xc3\0\0\x1e\xc3\x01").map(|d| d.0.round()), Some(200.0));
        assert_eq!(jpeg_dpi(b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\x01\0\xc8\0\xc8\0\0"), Some((200.0, 200.0)));
    }
}
