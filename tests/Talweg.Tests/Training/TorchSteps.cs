namespace Talweg.Tests.Training;

/// <summary>Where TorchSharp's own optimizers stand after fifty steps on the quadratic of <see cref="OptimizerTests"/>: weights 0, 12, 24 and 36.</summary>
/// <remarks>
/// <para>
/// Printed by the program below, TorchSharp 0.107 in double precision. It stands apart because TorchSharp's own optimizers let scalars go while they are read: its
/// garbage collection is held off. Learning rates are constant; AdamW has weight_decay: 0.01, PyTorch's default, where TorchSharp's is 0.
/// </para>
/// <code>
/// using TorchSharp.Modules;
/// using static TorchSharp.torch;
///
/// GC.TryStartNoGCRegion(200_000_000);
/// int[] places = [.. Enumerable.Range(0, 37)];
/// var c = tensor(places.Select(i => Math.Pow(10, -1.5 + 2.0 * i / 37)).ToArray());
/// Print("sgd:lr=0.05,momentum=0.9", w => optim.SGD([w], 0.05, momentum: 0.9));
/// Print("sgd:lr=0.05,momentum=0.8,nesterov,weight-decay=0.01", w => optim.SGD([w], 0.05, momentum: 0.8, weight_decay: 0.01, nesterov: true));
/// Print("adam:lr=0.02,beta1=0.8,beta2=0.95,eps=0.001,weight-decay=0.1", w => optim.Adam([w], 0.02, beta1: 0.8, beta2: 0.95, eps: 0.001, weight_decay: 0.1));
/// Print("adamw:lr=0.05", w => optim.AdamW([w], 0.05, weight_decay: 0.01));
/// Print("adagrad:lr=0.2,eps=0.01,weight-decay=0.1", w => optim.Adagrad([w], 0.2, eps: 0.01, weight_decay: 0.1));
/// Print("rmsprop:lr=0.02,alpha=0.9,momentum=0.5,centered,weight-decay=0.1",
///     w => optim.RMSProp([w], 0.02, alpha: 0.9, momentum: 0.5, centered: true, weight_decay: 0.1));                       // and so on
///
/// void Print(string text, Func&lt;Parameter, OptimizerHelper> of)
/// {
///     var w = new Parameter(tensor(places.Select(i => Math.Sin(i + 1) + 1.5).ToArray()));
///     var optimizer = of(w);
///     for (int t = 1; t &lt;= 50; t++)
///     {
///         optimizer.zero_grad();
///         var m = tensor(places.Select(i => 0.1 * Math.Cos(3 * t + i)).ToArray());
///         (0.5 * c * (w - m).square()).sum().backward();
///         optimizer.step();
///     }
///
///     double[] end = w.detach().data&lt;double>().ToArray();
///     Console.WriteLine($"{text}: {end[0]:R}, {end[12]:R}, {end[24]:R}, {end[36]:R}");
/// }
/// </code>
/// </remarks>
internal static class TorchSteps
{
    public static readonly Dictionary<string, double[]> After50 = new()
    {
        { "sgd:lr=0.05", [2.16333233512873, 1.3485331380877796, 0.2773647755778042, -0.005824645512168092] },
        { "sgd:lr=0.05,momentum=0.9", [1.1269292425242263, -0.15902124739182574, -0.061298570001997454, 0.05521469765767673] },
        { "sgd:lr=0.05,momentum=0.8,nesterov,weight-decay=0.01", [1.4139276883717256, 0.2445036011847126, 0.0015658882173088214, -0.009453609986589619] },
        { "adam:lr=0.05", [0.3374863535414947, 0.07369924818737683, -0.09875105971734893, 0.008160027099941585] },
        { "adam:lr=0.02,beta1=0.8,beta2=0.95,eps=0.001,weight-decay=0.1", [1.4020774906598892, 0.9961538457812085, 0.48520597405161064, 0.09122481839459746] },
        { "adamw:lr=0.05", [0.31838739963624973, 0.0642440800034843, -0.09853320224614068, 0.009152918784807897] },
        { "adamw:lr=0.03,weight-decay=0.5,beta1=0.7", [0.411232820534335, 0.25590613582990296, 0.08816377582848824, 0.005169069684650138] },
        { "adagrad:lr=0.1", [1.2237441743831634, 0.8412456446754172, 0.38120088258580276, 0.070101652259007] },
        { "adagrad:lr=0.2,eps=0.01,weight-decay=0.1", [0.49607113083070276, 0.24358364227485696, 0.0413010828147416, -0.005001374068201669] },
        { "rmsprop", [1.176143430543422, 0.7970002590436948, 0.3459708610224414, 0.05455524749061677] },
        { "rmsprop:lr=0.02,alpha=0.9,momentum=0.5,centered,weight-decay=0.1", [0.02998322619076868, 0.005647852366671955, -0.0023492551854732233, -0.007714264457517508] },
    };
}
