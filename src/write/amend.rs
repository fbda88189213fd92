//! A table added to a dataset that stands: in every format that the dataset has, described in `datapackage.json`, counted in
//! `run.json`.
//!
//! The dataset is put together anew beside its place, its other files linked and not copied where the file system can, and takes its
//! place in one step: nobody sees half of it, and the same rows give the same bytes. Refuses a folder that is no dataset of ours.

use crate::error::RunError;
use crate::write::chunk::Chunk;
use crate::write::columns::{Schema, TableId};
use crate::write::csv::CsvRows;
use crate::write::dataset::Formats;
use crate::write::folder::Folder;
use crate::write::jsonl::JsonRows;
use crate::write::package;
#[cfg(feature = "parquet")]
use crate::write::parquet::ParquetFile;
use crate::write::value::Value;
use std::fs;
use std::io::Error;
use std::path::Path;

/// Writes all rows of a table into the dataset at `target`, in place of those that it had; `note` goes into `run.json` under its name.
pub fn amend(
    target: &Path,
    table: TableId,
    rows: &[Vec<Value<'_>>],
    note: (&str, serde_json::Value),
) -> Result<(), RunError> {
    let output = |error: Error| RunError::Output(target.to_path_buf(), error);
    let report = run_report(target, note)?;
    let folder = Folder::create(target)?;
    let schema = table.schema();
    let has = |format: &str| target.join(format!("{}.{format}", TableId::Documents.schema().name)).is_file();
    let formats = Formats { parquet: has("parquet"), csv: has("csv"), jsonl: has("jsonl") };
    for entry in fs::read_dir(target).map_err(output)? {
        let path = entry.map_err(output)?.path();
        let (Some(name), Some(stem)) = (path.file_name(), path.file_stem()) else { continue };
        if stem != schema.name && name != "run.json" && name != "datapackage.json" {
            let to = folder.path().join(name);
            fs::hard_link(&path, &to).or_else(|_| fs::copy(&path, &to).map(|_| ())).map_err(output)?;
        }
    }
    write(folder.path(), schema, rows, formats).map_err(output)?;
    fs::write(folder.path().join("datapackage.json"), package::datapackage(formats, folder.path())).map_err(output)?;
    fs::write(folder.path().join("run.json"), report).map_err(output)?;
    folder.publish()
}

/// The text of `run.json` with a note more.
fn run_report(target: &Path, (name, note): (&str, serde_json::Value)) -> Result<String, RunError> {
    let known = fs::read(target.join("run.json")).ok();
    let run = known.and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok());
    let Some(serde_json::Value::Object(mut run)) = run else {
        return Err(RunError::Stopped {
            code: "compare/no-dataset",
            vi: format!("{} không phải bộ dữ liệu do baocao ghi", target.display()),
            en: format!("{} is no dataset that baocao wrote", target.display()),
        });
    };
    run.insert(name.to_string(), note);
    Ok(package::pretty(&serde_json::Value::Object(run)))
}

fn write(folder: &Path, schema: &'static Schema, rows: &[Vec<Value<'_>>], formats: Formats) -> Result<(), Error> {
    let path = |format: &str| folder.join(format!("{}.{format}", schema.name));
    if formats.csv {
        let mut body = CsvRows::default();
        rows.iter().for_each(|row| body.row(schema, row));
        fs::write(path("csv"), [CsvRows::header(schema), body.finish()].concat())?;
    }
    if formats.jsonl {
        let mut body = JsonRows::default();
        rows.iter().for_each(|row| body.row(schema, row));
        fs::write(path("jsonl"), body.finish())?;
    }
    let mut chunk = Chunk::new(schema);
    if formats.parquet {
        rows.iter().for_each(|row| chunk.row(row));
    }
    #[cfg(feature = "parquet")]
    if formats.parquet {
        let mut file = ParquetFile::new(fs::File::create(path("parquet"))?, schema)?;
        if chunk.rows > 0 {
            file.write(&chunk)?;
        }
        file.finish()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::{Dataset, RunInfo, encode, sample};

    #[test]
    fn a_table_is_added_and_replaced_and_a_new_run_removes_it() {
        let temp = tempfile::tempdir().unwrap();
        let out = temp.path().join("out");
        let formats = Formats { jsonl: true, ..Formats::default() };
        let extract = || {
            let mut dataset = Dataset::create(&out, formats).unwrap();
            let (file, outcome) = sample();
            dataset.append(encode(&file, &outcome, formats)).unwrap();
            dataset.finish(&RunInfo::default()).unwrap();
        };
        extract();
        let package = fs::read(out.join("datapackage.json")).unwrap();
        let rows = |n: usize| vec![TableId::Comparisons.schema().columns.iter().map(|_| Value::Null).collect(); n];
        for n in [2, 1] {
            amend(&out, TableId::Comparisons, &rows(n), ("comparisons", n.into())).unwrap();
            assert_eq!(fs::read_to_string(out.join("comparisons.csv")).unwrap().lines().count(), n + 1);
            let run: serde_json::Value = serde_json::from_slice(&fs::read(out.join("run.json")).unwrap()).unwrap();
            assert_eq!((&run["comparisons"], &run["program"]), (&n.into(), &"baocao".into()));
        }
        assert!(fs::read_to_string(out.join("datapackage.json")).unwrap().contains("comparisons.jsonl"));
        assert!(fs::read_to_string(out.join("facts.csv")).unwrap().lines().count() > 1, "the others are still there");
        extract();
        assert_eq!(fs::read(out.join("datapackage.json")).unwrap(), package);
        assert!(!out.join("comparisons.csv").exists());
    }

    #[test]
    fn what_is_no_dataset_is_refused() {
        let temp = tempfile::tempdir().unwrap();
        fs::write(temp.path().join("notes.txt"), "mine").unwrap();
        let refused = amend(temp.path(), TableId::Comparisons, &[], ("comparisons", 0.into()));
        assert!(matches!(refused, Err(RunError::Stopped { code: "compare/no-dataset", .. })));
        assert!(temp.path().join("notes.txt").exists());
    }
}
