"""Importing files of records: read safely, map columns, check every cell, make records through the apps' services."""
