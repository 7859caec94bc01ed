using Microsoft.Extensions.Configuration;

namespace Urllib4.DependencyInjection;

/// <summary>Where the settings of one name are.</summary>
internal sealed record SettingsSource(string Name, IConfiguration Section);
