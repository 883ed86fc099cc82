"""taizhang (整改台账): see every measure of a self-examination report through.

The ledger, one Excel workbook, is authoritative. What happens to it, in five steps:

1. ``draft`` reads a self-examination report into a new ledger.
2. ``validate`` reads the ledger or returned workbooks and yields findings, each with its place.
3. ``issue`` writes one prefilled workbook per department and keeps what was issued as the base.
4. ``merge`` compares base, ledger and returned cells, and changes only the cells that departments changed.
5. ``report`` and ``remind`` measure the ledger and write the sheets that leaders and departments read.

``docs/architecture.md`` is the map.
"""

__version__ = "0.1.0"
