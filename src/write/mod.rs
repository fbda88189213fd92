//! Dataset → files of `dataset-contract` version 1.
