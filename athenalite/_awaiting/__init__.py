"""What an application's methods return: values, Deferreds, coroutines, and awaitables of asyncio."""
