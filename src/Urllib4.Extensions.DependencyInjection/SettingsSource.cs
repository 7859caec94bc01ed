using Microsoft.Extensions.Configuration;

namespace Urllib4.DependencyInjection;

/// <summary>Where the settings of one name are.</summary>
internal sealed record SettingsSource(string Name, IConfiguration Section)
{
    /// <summary>The full key of a setting.</summary>
    public string KeyOf(string setting) => Section is IConfigurationSection { Path: var path } ? $"{path}:{setting}" : setting;
}
