"""What programs of anybody may read: one table for each dataset, from which the JSON, the CSV, the JSON Schema and the
page that lists them are made."""
