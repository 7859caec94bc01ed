namespace Urllib4.SocketTests;

/// <summary>Tests that watch or occupy something of the whole process, such as its thread pool: they run when no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneGroup
{
    /// <summary>The name of the collection.</summary>
    public const string Name = "Alone";
}
