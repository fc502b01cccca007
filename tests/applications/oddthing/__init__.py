"""Elements that say and do what applications should not."""
