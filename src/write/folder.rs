//! The output folder: filled beside its final place and moved there in one step, so that nothing partial is ever seen.
//!
//! An older dataset of ours (told by its `run.json`, and by holding nothing else) is replaced; a folder with anything else in it is
//! refused, because replacing it would delete what somebody put there.

use crate::error::RunError;
use crate::write::columns::SCHEMAS;
use std::fs;
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What `run.json` names as its writer.
pub const PROGRAM: &str = "baocao";

/// A folder being filled.
pub struct Folder {
    target: PathBuf,
    staging: TempDir,
}

impl Folder {
    /// Opens a hidden sibling of `target` for writing. Fails if `target` holds foreign files or its parent cannot be written.
    pub fn create(target: &Path) -> Result<Folder, RunError> {
        let output = |error| RunError::Output(target.to_path_buf(), error);
        // An existing folder may be given by a link; a missing one has at most a missing parent.
        let resolved = match fs::canonicalize(target) {
            Ok(path) => path,
            Err(error) if error.kind() == ErrorKind::NotFound => std::path::absolute(target).map_err(output)?,
            Err(error) => return Err(output(error)),
        };
        refuse_foreign(&resolved, target)?;
        let (Some(parent), Some(name)) = (resolved.parent(), resolved.file_name()) else {
            return Err(output(Error::new(ErrorKind::InvalidInput, "the output cannot be a root folder")));
        };
        fs::create_dir_all(parent).map_err(output)?;
        let prefix = format!(".{}.{PROGRAM}-", name.to_string_lossy());
        let mut builder = tempfile::Builder::new();
        builder.prefix(&prefix);
        // A temporary folder is private by default; this one becomes the user's, so the umask decides.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
        let staging = builder.tempdir_in(parent).map_err(output)?;
        Ok(Folder { target: resolved, staging })
    }

    /// Where it will be.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Where to write now.
    pub fn path(&self) -> &Path {
        self.staging.path()
    }

    /// Moves the folder to its place.
    pub fn publish(self) -> Result<(), RunError> {
        let output = |error| RunError::Output(self.target.clone(), error);
        refuse_foreign(&self.target, &self.target)?;
        if self.target.exists() {
            // The old dataset waits inside a folder of its own until the new one is in place; dropping that folder removes it.
            let parent = self.target.parent().unwrap_or(Path::new("."));
            let old = tempfile::Builder::new().prefix(".old.baocao-").tempdir_in(parent).map_err(output)?;
            let kept = old.path().join("dataset");
            fs::rename(&self.target, &kept).map_err(output)?;
            if let Err(error) = fs::rename(self.staging.path(), &self.target) {
                let _ = fs::rename(&kept, &self.target);
                return Err(output(error));
            }
        } else {
            fs::rename(self.staging.path(), &self.target).map_err(output)?;
        }
        // Nothing is left at the temporary path: dropping `staging` has nothing to remove.
        Ok(())
    }
}

/// Whether a file name is one that we write.
fn is_ours(name: &str) -> bool {
    name == "run.json"
        || name == "datapackage.json"
        || name.split_once('.').is_some_and(|(table, format)| {
            SCHEMAS.iter().any(|schema| schema.name == table) && ["csv", "jsonl", "parquet", "xlsx"].contains(&format)
        })
}

fn refuse_foreign(folder: &Path, shown: &Path) -> Result<(), RunError> {
    let output = |error| RunError::Output(shown.to_path_buf(), error);
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(output(error)),
    };
    let mut any = false;
    for entry in entries {
        let entry = entry.map_err(output)?;
        any = true;
        let is_file = entry.file_type().map_err(output)?.is_file();
        if !is_file || !is_ours(&entry.file_name().to_string_lossy()) {
            return Err(RunError::ForeignOutput(shown.to_path_buf()));
        }
    }
    if any && !is_our_run(&folder.join("run.json")) {
        return Err(RunError::ForeignOutput(shown.to_path_buf()));
    }
    Ok(())
}

fn is_our_run(path: &Path) -> bool {
    fs::read(path)
        .ok()
        .and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok())
        .is_some_and(|run| run.get("program").and_then(|p| p.as_str()) == Some(PROGRAM))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dataset_is_replaced_and_foreign_files_are_refused() {
        let temp = tempfile::tempdir().unwrap();
        let out = temp.path().join("a").join("out");
        for round in 0..2 {
            let folder = Folder::create(&out).unwrap();
            fs::write(folder.path().join("run.json"), format!("{{\"program\":\"baocao\",\"round\":{round}}}")).unwrap();
            folder.publish().unwrap();
        }
        assert!(fs::read_to_string(out.join("run.json")).unwrap().contains("\"round\":1"));
        let beside: Vec<_> = fs::read_dir(temp.path().join("a")).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(beside, ["out"], "no temporary folder is left");
        fs::write(out.join("notes.txt"), "mine").unwrap();
        assert!(matches!(Folder::create(&out), Err(RunError::ForeignOutput(_))));
        assert!(out.join("notes.txt").exists());
    }

    #[test]
    fn an_abandoned_folder_leaves_nothing() {
        let temp = tempfile::tempdir().unwrap();
        let out = temp.path().join("out");
        let folder = Folder::create(&out).unwrap();
        fs::write(folder.path().join("facts.csv"), "x").unwrap();
        drop(folder);
        assert_eq!(fs::read_dir(temp.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_file_in_the_way_is_an_error() {
        let temp = tempfile::tempdir().unwrap();
        let out = temp.path().join("out");
        fs::write(&out, "a file").unwrap();
        assert!(matches!(Folder::create(&out), Err(RunError::Output(..))));
        assert!(matches!(Folder::create(&out.join("below")), Err(RunError::Output(..))));
    }
}
