"""Pictures of stories: fetched where the provider has them, made small, kept a while, gone with their story."""
