const Page = () => <div className="wrap sec" />;
export default Page;
