"""The sample office of ``taizhang demo``: what it answers to the sample report, and what its departments send back."""
