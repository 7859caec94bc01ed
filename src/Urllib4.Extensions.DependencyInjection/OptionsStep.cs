namespace Urllib4.DependencyInjection;

/// <summary>What a registration changes of the options of one name.</summary>
internal sealed record OptionsStep(string Name, Func<PoolOptions, PoolOptions> Change);
