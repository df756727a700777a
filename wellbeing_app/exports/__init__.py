"""Data in and out: CSV, XLSX, codebook, scripts, JSON, FHIR, XLSForm; and files read back in."""
