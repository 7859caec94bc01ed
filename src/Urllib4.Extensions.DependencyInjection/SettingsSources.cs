using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Urllib4.DependencyInjection;

/// <summary>Where the settings of each name are: in the sections that were given or, without a name, in the host's own.</summary>
internal sealed class SettingsSources(IEnumerable<SettingsSource> given, IServiceProvider services)
{
    private const string DefaultSection = "Urllib4";

    /// <summary>The sources of a name; a later one overrides an earlier one.</summary>
    public IReadOnlyList<SettingsSource> Of(string name)
    {
        SettingsSource[] sources = [.. given.Where(source => source.Name == name)];
        if (sources.Length > 0 || name != Options.DefaultName || services.GetService<IConfiguration>() is not { } configuration)
            return sources;
        return [new SettingsSource(name, configuration.GetSection(DefaultSection))];
    }
}
