"""Tests in JavaScript, as users of livetrial write them."""
