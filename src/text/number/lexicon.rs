//! The words around numbers: what can be counted, what is measured, what ends a counted noun.
//!
//! Lower-case clean text goes in at a byte, an answer comes out. These are closed lists of administrative language; a word that is
//! missing costs a cue (the noun is still read), never a figure.

use crate::text::fold::is_abbreviation;
use crate::text::letter::{in_word, small_at};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::LazyLock;

/// Characters of a word that are looked at.
const LONGEST_WORD: usize = 32;

/// Whole things that reports count. A head alone (`xã`) takes any continuation; a head that is also a verb needs its second word.
const COUNTED: &str = "hồ sơ|văn bản|người|thủ tục|tthc|đơn|đơn vị|phiếu|lượt|xã|phường|thị trấn|thị xã|huyện|quận|thành phố|tỉnh|thôn|\
    khu phố|khu dân cư|ấp|tổ|tổ dân phố|bon|buôn|khóm|xóm|đặc khu|cán bộ|công chức|viên chức|công dân|công việc|công văn|công an|\
    công trình|công ty|công bố|nhiệm vụ|chỉ tiêu|chỉ số|chỉ thị|nội dung|cuộc|hội nghị|hội thi|hội thảo|hội viên|hợp đồng|hợp tác xã|lớp|\
    buổi|tin|bài|bài viết|lĩnh vực|dịch vụ|cơ quan|cơ sở|phòng|ban|trường|trường hợp|doanh nghiệp|hộ|hộ dân|hộ gia đình|đồng chí|đ/c|\
    ý kiến|câu|câu hỏi|cái|bộ|bộ phận|máy|máy tính|máy vi tính|bậc|đề án|kế hoạch|quyết định|nghị quyết|nghị định|báo cáo|thông báo|thông tư|\
    chương trình|giải pháp|sáng kiến|mô hình|tiêu chí|tiêu chuẩn|nhóm|vụ|vụ việc|biên chế|vị trí|tiết mục|phần mềm|hệ thống|\
    tài khoản|tài liệu|giấy|bản|tờ|tờ rơi|tờ trình|chữ ký|chứng thư|thành viên|đại biểu|giao dịch|lao động|cử tri|sản phẩm|\
    dự án|dự thảo|đoàn|đội|chi bộ|chi nhánh|tổ chức|cá nhân|hs|vb|cb|cc|vc|cbcc|vbqppl|chức danh|chức vụ|lãnh đạo|cấp phó|\
    phó chủ tịch|chủ tịch|phó trưởng phòng|trưởng phòng|giám đốc|giáo viên|học sinh|học viên|nhân viên|nhân sự|chuyên viên|\
    nhân khẩu|khẩu|kiến nghị|phản ánh|khiếu nại|tố cáo|thư|email|trang|chuyên trang|chuyên mục|chuyên đề|mục tiêu|việc|\
    ngành|sở|bộ thủ tục|quy trình|quy chế|quy định|quầy|điểm cầu|điểm bưu điện|điểm truy cập|cụm|trạm|nhà văn hóa|nhà|phương tiện|\
    thiết bị|camera|đường dây|đường truyền|trang thiết bị|ngày công|suất|giải|giải thưởng|giấy chứng nhận|giấy mời|giấy phép|bằng khen|\
    danh mục|cơ chế|phương án|biện pháp|bước|khâu|khoản thu|loại|loại hình|danh hiệu|đối tượng|thí sinh|tác phẩm|video|clip|\
    bảng|bảng tin|pano|băng rôn|khẩu hiệu|tủ|tủ sách|loa|cụm loa|đài|nghiệp vụ|mẫu phiếu|kết luận|vi phạm|sai phạm|cộng tác viên|đợt kiểm tra|\
    cơ sở dữ liệu|kho|nền tảng|ứng dụng|website|cổng|trang thông tin|điểm|nguyên nhân|hạn chế|tồn tại|mặt|yêu cầu|đề xuất|đề nghị|\
    luật|pháp lệnh|bộ luật|văn phòng|trung tâm|hạng mục|gói thầu|thửa đất|liệt sĩ|đảng viên|đoàn viên|thanh niên|phụ nữ|\
    sinh viên|thạc sĩ|đại học|cao đẳng|trung cấp|tiến sĩ|cử nhân|tủ thuốc|biên bản|hòm thư|thùng thư|số điện thoại|thông tin|\
    nhóm chỉ tiêu|nhóm tiêu chí|chứng chỉ|tàu|xe|lệnh|chốt|vùng|khu|khu vực|cầu|tuyến|tuyến đường|cây|con|gian hàng|trưởng thôn|\
    bí thư|phó bí thư|ủy viên|uỷ viên|hội đồng|ủy ban|uỷ ban|ubnd|hđnd|tiểu ban|tổ công tác|thôn trưởng|ông|bà|anh|chị|em|thầy|cô|\
    sổ|sổ tay|quyển|cuốn|tập|đầu sách|phương thức|hình thức|kênh|nghìn lượt|tiểu phẩm|phóng sự|chuyến|giờ học|tiết|tiết học|môn|khóa|khoá|\
    đợt|lần|sự nghiệp|ki ốt|kiosk|bưu phẩm|thẻ|căn cước|hóa đơn|biên lai|thành phần|giấy tờ|dòng|mã|mã số|tên miền|hộp thư|đĩa|gói|công đoàn|\
    chính sách|nguồn|khoản chi|quỹ|chợ|khối|chi cục|cục|vụ án|bị can|đợt|hoạt động|phong trào|cách làm|điển hình|tập thể|gương|kỳ họp|phiên|phiên họp|\
    phản ánh kiến nghị|pakn|đối thoại|cán bộ công chức|người dân|công dân|khách|khách hàng|bệnh nhân|giường|sự việc|sự cố|lỗi|lỗ hổng";

/// Measured, not counted: decimals are usual.
const MEASURED: &str = "điểm|lần|ha|km|m|m2|m3|m²|kg|tấn|mét|mét vuông|giờ|phút|ngày|tháng|năm|tuần|tuổi|đồng|đ|vnđ|vnd|lít|bậc|tr|mb|gb|tb|mbps|kw|inch|cm|mm";

/// A noun ends before these words.
const STOP: &str = "đã|được|đạt|chiếm|trong|là|có|bị|do|theo|tại|của|với|để|vào|từ|đến|cho|thì|mà|nhưng|hoặc|hay|trên|dưới|qua|về|gồm|bao|\
    thuộc|so|bằng|tăng|giảm|còn|nên|khi|nếu|sau|trước|này|đó|trên|cần|phải|đang|chưa|không|sẽ|đảm|bảo|nhằm|như|vì|mỗi|các|những|cùng|ngoài|\
    đối|tương|tính đến|tính từ|tính riêng|tính chung|trở|lên|xuống|phát|thông qua|hoàn|đều|cũng|vẫn|gửi|nộp|nhận|ở|rồi|tiếp|ngay|năm|tháng|quý|ngày|ra|giữa|bởi|hiện|và|nhưng|\
    số lượng|số hồ sơ|số người|kịp|trực thuộc|hướng đến|hướng dẫn|đưa|liên quan|kết nối|thành lập|mới được|vượt|nâng|tham|thực|ban hành|xây|triển|giải quyết|xử|xếp|đứng|đáp|kết quả|ước|tỷ lệ|tỉ lệ|chia";

/// Fixed pairs: the comma or `và` inside them does not end the noun.
const PAIRS: &str = "cán bộ, công chức, viên chức, người lao động|cán bộ, công chức, viên chức|cán bộ, công chức và người lao động|\
    cán bộ, công chức|cán bộ, viên chức|công chức, viên chức và người lao động|công chức, viên chức|xã, phường, thị trấn|phường, xã, thị trấn|xã, phường, đặc khu|\
    xã, phường|xã, thị trấn|phường, thị trấn|phường, xã|cơ quan, đơn vị, địa phương|cơ quan, đơn vị|cơ quan, tổ chức|tổ chức, cá nhân|cá nhân, tổ chức|người dân, doanh nghiệp|\
    người dân và doanh nghiệp|tổ chức và cá nhân|phản ánh, kiến nghị|phản ánh và kiến nghị|kiến nghị, phản ánh|khiếu nại, tố cáo|sở, ban, ngành|sở, ngành|\
    phòng, ban, ngành|phòng, ban|ban, ngành|huyện, thị xã, thành phố|tỉnh, thành phố|huyện, thành phố|quận, huyện, thị xã|quận, huyện|thôn, khu phố|thôn, tổ dân phố|thôn, bon, bản, tổ dân phố|tin, bài|tin bài, hình ảnh|tiêu chí, chỉ tiêu|\
    máy tính, máy in|ngành, lĩnh vực|lớp đào tạo, bồi dưỡng|lớp tập huấn, bồi dưỡng|giải pháp, cách làm|nhiệm vụ, giải pháp|chỉ tiêu, nhiệm vụ|chương trình, kế hoạch|phòng, đơn vị|đào tạo, bồi dưỡng|bộ phận tiếp nhận và trả kết quả|đơn, thư";

static COUNTED_SET: LazyLock<FxHashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| heads(COUNTED));
static MEASURED_SET: LazyLock<FxHashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| heads(MEASURED));
static STOP_SET: LazyLock<FxHashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| heads(STOP));
static PAIR_SET: LazyLock<FxHashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| heads(PAIRS));
static HEADS: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| COUNTED.split('|').map(str::trim).collect());

/// First word → what may follow it, longest first; an empty string = anything.
fn heads(list: &'static str) -> FxHashMap<&'static str, Vec<&'static str>> {
    let mut map: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
    for phrase in list.split('|').map(str::trim) {
        let end = phrase.find([' ', ',']).unwrap_or(phrase.len());
        map.entry(&phrase[..end]).or_default().push(&phrase[end..]);
    }
    for rests in map.values_mut() {
        rests.sort_by_key(|rest| std::cmp::Reverse(rest.len()));
    }
    map
}

/// The word that starts here: letters, digits and the marks that abbreviations hold.
pub(super) fn first_word(text: &str) -> &str {
    let bytes = text.as_bytes();
    let mut end = 0;
    // No word that is asked about is longer; a run of letters without end must not be walked for every digit in it.
    for _ in 0..LONGEST_WORD {
        end += match bytes.get(end) {
            Some(byte) if byte.is_ascii_alphanumeric() || *byte == b'&' => 1,
            Some(0x80..) => match small_at(bytes, end) {
                0 => match text[end..].chars().next() {
                    Some(c) if in_word(c) || c == '²' => c.len_utf8(),
                    _ => break,
                },
                length => length,
            },
            _ => break,
        };
    }
    &text[..end]
}

/// Whether `phrase` starts here and ends at a word's end.
pub(super) fn starts_word(text: &str, phrase: &str) -> bool {
    text.strip_prefix(phrase).is_some_and(|rest| !rest.starts_with(in_word))
}

fn longest(map: &FxHashMap<&'static str, Vec<&'static str>>, text: &str) -> Option<usize> {
    longest_of(map, text, first_word(text))
}

/// The same where the first word is known.
fn longest_of(map: &FxHashMap<&'static str, Vec<&'static str>>, text: &str, word: &str) -> Option<usize> {
    let rests = map.get(word)?;
    rests.iter().find(|rest| starts_word(&text[word.len()..], rest)).map(|rest| word.len() + rest.len())
}

/// Bytes of the counted thing that starts here (lower case).
pub(super) fn counted(low: &str) -> Option<usize> {
    counted_of(low, first_word(low))
}

fn counted_of(low: &str, word: &str) -> Option<usize> {
    if low.starts_with("đ/c") {
        return Some("đ/c".len());
    }
    // `1.476 số người làm việc`
    for prefix in ["số lượng ", "số "] {
        if let Some(length) = low.strip_prefix(prefix).and_then(|rest| longest(&COUNTED_SET, rest)) {
            return Some(prefix.len() + length);
        }
    }
    longest_of(&COUNTED_SET, low, word)
}

/// Whether something counted starts here. `print` is the text before lowering: abbreviations count when they are capitals.
pub(super) fn is_counted(low: &str, print: &str) -> bool {
    let word = first_word(low);
    counted_of(low, word).is_some() && !is_measured_of(low, word) || shouts(print)
}

/// Whether an administrative abbreviation in capitals starts here (`TTHC`, `CBCC`).
pub(super) fn shouts(print: &str) -> bool {
    let word = first_word(print);
    word.chars().count() > 1 && word.chars().all(char::is_uppercase) && is_abbreviation(word)
}

/// Whether something measured starts here and nothing counted that is longer (`điểm cầu`, `ngày công`).
pub(super) fn is_measured(low: &str) -> bool {
    is_measured_of(low, first_word(low))
}

fn is_measured_of(low: &str, word: &str) -> bool {
    longest_of(&MEASURED_SET, low, word)
        .is_some_and(|measured| counted_of(low, word).is_none_or(|counted| counted <= measured))
}

/// Bytes of the fixed pair that starts here.
pub(super) fn pair(low: &str) -> Option<usize> {
    longest(&PAIR_SET, low)
}

/// Whether a noun ends before this word.
pub(super) fn stops(low: &str) -> bool {
    longest(&STOP_SET, low).is_some()
}

/// Whether the whole phrase is in the list of counted things.
pub(super) fn is_head(phrase: &str) -> bool {
    HEADS.contains(phrase)
}
