using Microsoft.Extensions.Options;

namespace Urllib4.DependencyInjection;

/// <summary>
/// Puts the settings of a name upon its options. The platform's binder would pass over a key it does not know, and show a value it cannot
/// read.
/// </summary>
internal sealed class SettingsBinding(SettingsSources sources) : IConfigureNamedOptions<HostOptions>
{
    public void Configure(HostOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, HostOptions options)
    {
        List<string> failures = [];
        foreach (SettingsSource source in sources.Of(name ?? Options.DefaultName))
            options.Pools = SettingsTable.All.Apply(options.Pools, source.Section, failures);
        if (failures.Count > 0)
            throw new OptionsValidationException(name ?? Options.DefaultName, typeof(HostOptions), failures);
    }
}
