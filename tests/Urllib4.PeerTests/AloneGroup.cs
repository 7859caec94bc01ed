namespace Urllib4.PeerTests;

/// <summary>Tests that watch something of the whole process, such as its memory: they run when no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneGroup
{
    /// <summary>The name of the collection.</summary>
    public const string Name = "Alone";
}
