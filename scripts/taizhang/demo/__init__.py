"""The sample of ``taizhang demo``: the office's answers to the sample report, and its departments' returns."""
