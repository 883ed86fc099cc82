"""The sample of taizhang demo: what its office types, and what its departments return, from templates/sample."""
