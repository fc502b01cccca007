"""An application whose methods await asyncio's own libraries."""
